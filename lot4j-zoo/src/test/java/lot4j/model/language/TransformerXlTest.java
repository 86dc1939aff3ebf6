package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformerXlTest {
  private static final int WORDS = 13;

  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
    torch.manual_seed(3);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static TransformerXl small(int layers, int memory) {
    return new TransformerXl(layers, 6, 2, 5, 7, memory, 0, 0, true);
  }

  /** In float64, with weights large enough that everything has its say. */
  private static Model built(TransformerXl spec, int words) {
    Model model = spec.build(Shape.ofTokens(4), words);
    model.module().to(ScalarType.Double, false);
    try (NoGradGuard constant = new NoGradGuard()) {
      named(model).values().forEach(p -> p.add_(torch.randn_like(p).mul_(scalar(0.5))));
    }
    return model;
  }

  private static org.bytedeco.pytorch.Scalar scalar(double value) {
    return new org.bytedeco.pytorch.Scalar(value);
  }

  private static Map<String, Tensor> named(Model model) {
    StringTensorDict dict = model.module().named_parameters();
    Map<String, Tensor> entries = new LinkedHashMap<>();
    for (long i = 0; i < dict.size(); i++) {
      entries.put(dict.get(i).key().getString(), dict.get(i).value());
    }
    return entries;
  }

  private static Tensor text(long time, long batch, int words) {
    long[] ids = new long[(int) (time * batch)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i * 7L + i * i * 3L + 1) % words;
    }
    return torch.tensor(ids).view(time, batch);
  }

  static double[] numbers(Tensor tensor) {
    Tensor flat = tensor.detach().to(ScalarType.Double).contiguous();
    double[] values = new double[(int) flat.numel()];
    flat.data_ptr_double().get(values);
    return values;
  }

  private static void same(Tensor actual, Tensor expected, double tolerance) {
    assertThat(numbers(actual)).containsExactly(numbers(expected), within(tolerance));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 200, 8, 20, 1000, 10000, 4258320",
    "4, 410, 12, 41, 2100, 10000, 15049984",
    "4, 410, 12, 41, 2100, 267735, 120979069"
  })
  void hasThePublishedParameters(
      int layers, int width, int heads, int size, int inner, int words, long parameters) {
    TransformerXl spec = new TransformerXl(layers, width, heads, size, inner, 70, 0.25, 0, true);
    assertThat(spec.census(Shape.ofTokens(70), words).parameters()).isEqualTo(parameters);
  }

  @Test
  void givesLogitsAndGradientsInFloat32() {
    Model model = new TransformerXl().build(Shape.ofTokens(5), 50);
    try (Memory memory = new Memory()) {
      for (int piece = 0; piece < 3; piece++) {
        Tensor logits = model.forward(text(40, 3, 50), memory).logits();
        assertThat(logits.sizes().vec().get()).containsExactly(40, 3, 50);
        logits.pow(scalar(2)).mean().backward();
      }
      named(model).forEach((name, p) -> assertThat(numbers(p.grad())).as(name).doesNotContain(0));
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 3, 9", "3, 9, 3", "1, 0, 4", "2, 5, 1", "4, 7, 2"})
  void piecesWithMemoryAreOneLongPiece(int layers, int memory, int time) {
    try (NoGradGuard constant = new NoGradGuard();
        Memory carried = new Memory();
        Memory fresh = new Memory()) {
      int pieces = 3;
      Model model = built(small(layers, memory), WORDS);
      Tensor text = text((long) time * pieces, 2, WORDS);
      Tensor whole = model.forward(text, fresh).logits();
      // Without the horizon's help only positions whose keys all lie in memory agree.
      for (int piece = 0; piece < pieces; piece++) {
        long at = (long) piece * time;
        Tensor logits = model.forward(text.narrow(0, at, time), carried).logits();
        if (memory >= at) {
          same(logits, whole.narrow(0, at, time), 1e-12);
        }
      }
    }
  }
}
