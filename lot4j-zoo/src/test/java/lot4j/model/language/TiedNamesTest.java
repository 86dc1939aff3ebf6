package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import lot4j.ModelSpec;
import lot4j.Pretrained;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Published files hold the matrix that embedding and softmax share once, under either name: of a
 * LLaMA of 0.7 million parameters in the wild it is the softmax's.
 */
class TiedNamesTest {
  private static ModelSpec spec(String model) {
    return model.equals("gpt")
        ? new Gpt(1, 8, 2, 16, 0)
        : new Llama(1, 8, 2, 2, 16, 10_000, Optional.empty(), 1e-6, 16, true, 0);
  }

  @ParameterizedTest
  @CsvSource({"gpt, wte.weight", "llama, model.embed_tokens.weight"})
  void theSharedMatrixIsFoundUnderEitherName(String model, String embedding) {
    try (PointerScope scope = new PointerScope()) {
      Pretrained published = spec(model).build(Shape.ofTokens(4), 11).pretrained();
      String softmax = "lm_head.weight";
      assertThat(published.published(embedding, Set.of(softmax))).isEqualTo(softmax);
      assertThat(published.published(embedding, Set.of(softmax, embedding))).isEqualTo(embedding);
      assertThat(published.published(embedding, Set.of())).isEqualTo(embedding);
      assertThat(published.ignores(softmax)).isTrue();
    }
  }
}
