package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;

import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LstmTest {
  private static final Shape PIECE = Shape.ofTokens(35);

  @Test
  void hasThePublishedParameters() {
    assertThat(new Lstm().census(PIECE, 10_000).parameters()).isEqualTo(19_780_400);
    assertThat(new Lstm().census(PIECE, 267_735).parameters()).isEqualTo(355_093_635);
  }

  @Test
  void givesLogitsAndCarriesItsState() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = new Lstm(5, 7, 2, 0, false).build(PIECE, 11);
      Tensor tokens = torch.tensor(new long[] {0, 1, 2, 3, 4, 10}).view(3, 2);
      Tensor logits = model.forward(tokens, memory).logits();
      assertThat(new long[] {logits.size(0), logits.size(1), logits.size(2)})
          .containsExactly(3, 2, 11);
      assertThat(memory.read()).hasSize(2);
      logits.sum().backward();
      assertThat(model.module().named_parameters().get("encoder.weight").grad().defined()).isTrue();
    }
  }
}
