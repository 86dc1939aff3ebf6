package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lot4j.Census;
import lot4j.Distribution;
import lot4j.LinearProjection;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Shape;
import lot4j.checkpoint.Safetensors;
import lot4j.optim.Weights;
import lot4j.testkit.NativeObjects;
import lot4j.train.Precision;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LstmTest {
  private static final Shape PIECE = Shape.ofTokens(35);

  @Test
  void hasThePublishedParameters() {
    assertThat(new Lstm().census(PIECE, 10_000).parameters()).isEqualTo(19_780_400);
    assertThat(new Lstm().census(PIECE, 267_735).parameters()).isEqualTo(355_093_635);
  }

  @Test
  void countsItsProductsForOneToken() {
    assertThat(new Lstm().census(PIECE, 10_000).macs())
        .isEqualTo(2 * 4 * 650 * 1300 + 650 * 10_000);
    assertThat(new Lstm(3, 5, 2, 0, false).census(PIECE, 7))
        .isEqualTo(
            new Census(
                7 * 3 + (20 * (3 + 5) + 40) + (20 * (5 + 5) + 40) + 7 * 5 + 7,
                20 * (3 + 5) + 20 * (5 + 5) + 7 * 5));
  }

  @Test
  void countsWhatBuildAllocates() {
    LanguageModels.countsWhatBuildAllocates(new Lstm(3, 5, 2, 0, false), 7);
    LanguageModels.countsWhatBuildAllocates(new Lstm(5, 5, 3, 0, true), 7);
    LanguageModels.countsWhatBuildAllocates(new Lstm(1, 1, 1, 0, true), 1);
  }

  @Test
  void startsAsPublished() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      Model model = new Lstm(40, 25, 2, 0.5, false).build(PIECE, 300);
      Map<String, Tensor> parameters = Filled.parameters(model.module());
      spreadOver(parameters.get("encoder.weight"), 0.05);
      spreadOver(parameters.get("decoder.weight"), 0.05);
      assertThat(Filled.numbers(parameters.get("decoder.bias"))).containsOnly(0);
      for (int layer = 0; layer < 2; layer++) {
        for (String name : List.of("weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l")) {
          spreadOver(parameters.get("rnn." + name + layer), 0.2);
        }
      }
      parameters.values().forEach(tensor -> assertThat(tensor.requires_grad()).isTrue());
    }
  }

  /** Uniform over ±range: never outside, nearly reaching both ends, mean 0 within 5 deviations. */
  private static void spreadOver(Tensor tensor, double range) {
    double[] numbers = Filled.numbers(tensor);
    double float32 = 1e-6;
    assertThat(Arrays.stream(numbers).max().orElseThrow()).isBetween(0.9 * range, range + float32);
    assertThat(Arrays.stream(numbers).min().orElseThrow())
        .isBetween(-range - float32, -0.9 * range);
    assertThat(Arrays.stream(numbers).average().orElseThrow())
        .isCloseTo(0, within(5 * range / Math.sqrt(3.0 * numbers.length)));
  }

  @Test
  void isTheCellOfTheBooks() {
    int size = 4;
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = LanguageModels.filled(new Lstm(size, size, 1, 0, true));
      Tensor tokens = Filled.tokens(0, 3, 1, 11);
      double[] logits = Filled.numbers(model.forward(tokens, memory).logits());
      double[] words = Filled.numbers("encoder.weight", 11 * size);
      double[] bias = Filled.numbers("decoder.bias", 11);
      double[] h = new double[size];
      double[] c = new double[size];
      for (int time = 0; time < 3; time++) {
        int word = (int) ((3 + 7 * time + time * time) % 11);
        step(Arrays.copyOfRange(words, word * size, (word + 1) * size), h, c);
        for (int v = 0; v < 11; v++) {
          double expected = bias[v] + dot(words, v, h);
          assertThat(logits[11 * time + v]).isCloseTo(expected, within(1e-12));
        }
      }
      assertThat(Filled.numbers(memory.read().get(0))).containsExactly(h, within(1e-12));
      assertThat(Filled.numbers(memory.read().get(1))).containsExactly(c, within(1e-12));
    }
  }

  /** One step of one cell: gates i, f, g, o. */
  private static void step(double[] x, double[] h, double[] c) {
    int size = h.length;
    double[] in = Filled.numbers("rnn.weight_ih_l0", 4 * size * size);
    double[] back = Filled.numbers("rnn.weight_hh_l0", 4 * size * size);
    double[] inBias = Filled.numbers("rnn.bias_ih_l0", 4 * size);
    double[] backBias = Filled.numbers("rnn.bias_hh_l0", 4 * size);
    double[] before = h.clone();
    for (int k = 0; k < size; k++) {
      double[] gates = new double[4];
      for (int gate = 0; gate < 4; gate++) {
        int row = gate * size + k;
        gates[gate] = inBias[row] + backBias[row] + dot(in, row, x) + dot(back, row, before);
      }
      c[k] = sigmoid(gates[1]) * c[k] + sigmoid(gates[0]) * Math.tanh(gates[2]);
      h[k] = sigmoid(gates[3]) * Math.tanh(c[k]);
    }
  }

  private static double dot(double[] matrix, int row, double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += matrix[row * x.length + i] * x[i];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void gradientsAreFiniteDifferences() {
    LanguageModels.gradientsAreFiniteDifferences(
        new Lstm(3, 4, 2, 0, false), LanguageModels.CROSS_ENTROPY);
    LanguageModels.gradientsAreFiniteDifferences(
        new Lstm(3, 3, 1, 0, true), LanguageModels.CROSS_ENTROPY);
  }

  @Test
  void gradientsAreFiniteDifferencesUnderDropout() {
    LanguageModels.gradientsAreFiniteDifferences(
        new Lstm(3, 4, 2, 0.3, false), LanguageModels.CROSS_ENTROPY);
  }

  @Test
  void carriesItsState() {
    LanguageModels.carriesItsState(new Lstm(5, 4, 3, 0.5, false));
  }

  @Test
  void isCausal() {
    LanguageModels.isCausal(new Lstm(5, 4, 2, 0.5, false));
  }

  @Test
  void dropsInTrainingOnly() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(3);
      Model model = LanguageModels.filled(new Lstm(5, 4, 2, 0.5, false));
      Tensor text = Filled.tokens(0, 4, 2, 11);
      model.module().eval();
      assertThat(logits(model, text)).isEqualTo(logits(model, text));
      model.module().train(true);
      assertThat(logits(model, text)).isNotEqualTo(logits(model, text));
      assertThat(model.stochastic()).isTrue();
      assertThat(new Lstm(5, 4, 2, 0, false).build(PIECE, 11).stochastic()).isFalse();
    }
  }

  @Test
  void repeatsItselfToTheBit() {
    try (PointerScope scope = new PointerScope()) {
      Model model = new Lstm(20, 30, 2, 0.5, false).build(PIECE, 11);
      Tensor text = Filled.tokens(0, 9, 2, 11);
      model.module().train(true);
      torch.manual_seed(4);
      double[] once = logits(model, text);
      torch.manual_seed(4);
      assertThat(logits(model, text)).isEqualTo(once);
    }
  }

  private static double[] logits(Model model, Tensor text) {
    try (Memory memory = new Memory()) {
      return Filled.numbers(model.forward(text, memory).logits());
    }
  }

  @Test
  void tiedMatrixIsOneParameterAndSurvivesAFile(@TempDir Path folder) {
    Lstm spec = new Lstm(6, 6, 1, 0, true);
    Path file = folder.resolve("model.safetensors");
    Tensor text = Filled.tokens(0, 3, 2, 11);
    double[] expected;
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = spec.build(PIECE, 11);
      try (Weights weights = Weights.of(model.module())) {
        assertThat(weights.parameters())
            .containsKey("encoder.weight")
            .doesNotContainKey("decoder.weight");
        assertThat(weights.count()).isEqualTo(spec.census(PIECE, 11).parameters());
        // Moved as one flat tensor, both uses must see it.
        weights.values().mul_(new Scalar(3));
        expected = logits(model, text);
        Safetensors.write(file, weights.parameters(), Map.of());
      }
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Model model = spec.build(PIECE, 11);
      Safetensors stored = Safetensors.open(file);
      Filled.parameters(model.module()).forEach(stored::read);
      assertThat(logits(model, text)).isEqualTo(expected);
    }
  }

  @Test
  void projectsALargeVocabularyInsteadOfMakingItsLogits() {
    int large = Decoder.LARGEST_AT_ONCE + 1;
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = new Lstm(3, 4, 1, 0, false).build(PIECE, large);
      Output output = model.forward(Filled.tokens(0, 2, 2, 11), memory);
      Distribution.Projected projected = (Distribution.Projected) output.distribution();
      assertThat(projected.features().size(2)).isEqualTo(4);
      assertThat(projected.projection()).isInstanceOf(LinearProjection.class);
      assertThat(projected.projection().parameters()).hasSize(2);
      assertThat(output.logits().size(2)).isEqualTo(large);
      output.logits().sum().backward();
      assertThat(Filled.parameters(model.module()).values())
          .allSatisfy(parameter -> assertThat(parameter.grad().defined()).isTrue());
    }
  }

  @Test
  void carriesFloat32InBfloat16() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = new Lstm(20, 30, 2, 0.5, false).build(PIECE, 11);
      model.module().train(true);
      Tensor text = Filled.tokens(0, 5, 3, 11);
      Output output = Precision.BFLOAT16.around(model).forward(text, memory);
      assertThat(output.logits().scalar_type().intern()).isEqualTo(ScalarType.Float);
      assertThat(memory.read())
          .allSatisfy(s -> assertThat(s.scalar_type().intern()).isEqualTo(ScalarType.Float));
      Precision.BFLOAT16.around(model).forward(text, memory);
    }
  }

  @Test
  void leavesNothingButItsOutputAndItsState() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = new Lstm(5, 4, 2, 0.5, false).build(PIECE, 11);
      Tensor text = Filled.tokens(0, 3, 2, 11);
      model.forward(text, memory);
      NativeObjects.assertUnchangedBy(
          () -> {
            try (PointerScope step = new PointerScope()) {
              model.forward(text, memory).logits();
            }
          });
    }
  }

  @Test
  void refusesWhatItCannotRead() {
    Lstm spec = new Lstm(5, 4, 2, 0, false);
    for (Shape shape : List.of(Shape.of(35), Shape.of(3, 32, 32), Shape.ofTokens(0))) {
      assertThatThrownBy(() -> spec.build(shape, 11))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "input = " + shape + " is not allowed; Lstm takes pieces of text, 1 token or longer");
      assertThatThrownBy(() -> spec.census(shape, 11)).hasMessageContaining("input");
    }
    assertThatThrownBy(() -> spec.build(PIECE, 0)).hasMessageContaining("outputs = 0");
    assertThatThrownBy(() -> new Lstm(5, 4, 2, 0, true))
        .hasMessage("hidden = 4 is not allowed; tied, it must equal embedding, 5");
    assertThatThrownBy(() -> new Lstm(5, 4, 0, 0, false)).hasMessageContaining("layers = 0");
    assertThatThrownBy(() -> new Lstm(5, 4, 1, 1, false)).hasMessageContaining("dropout = 1");
  }

  @Test
  void refusesTheStateOfAnotherNumberOfTexts() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = new Lstm(5, 4, 2, 0, false).build(PIECE, 11);
      model.forward(Filled.tokens(0, 3, 2, 11), memory);
      assertThatThrownBy(() -> model.forward(Filled.tokens(0, 3, 5, 11), memory))
          .hasMessage("batch = 5 is not allowed; the carried state is of 2 texts");
    }
  }
}
