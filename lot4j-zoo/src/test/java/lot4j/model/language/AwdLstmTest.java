package lot4j.model.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lot4j.Census;
import lot4j.Distribution;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Shape;
import lot4j.testkit.NativeObjects;
import lot4j.train.Precision;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class AwdLstmTest {
  private static final Shape PIECE = Shape.ofTokens(70);

  private static final LanguageModels.Loss REGULARIZED =
      (model, tokens, memory) -> {
        Output output = model.forward(tokens, memory);
        Tensor targets = tokens.flip(0).view(-1);
        return torch
            .cross_entropy(output.logits().view(-1, 11), targets)
            .add(output.extras().get(AwdLstm.REGULARIZATION));
      };

  private static AwdLstm plain(double activation, double slowness) {
    return new AwdLstm(4, 5, 3, 0, 0, 0, 0, 0, activation, slowness);
  }

  private static AwdLstm dropping() {
    return new AwdLstm(4, 5, 3, 0.2, 0.3, 0.25, 0.4, 0.5, 2, 1);
  }

  @Test
  void hasThePublishedParameters() {
    assertThat(new AwdLstm().census(PIECE, 10_000).parameters()).isEqualTo(24_221_600);
  }

  @Test
  void countsItsProductsForOneToken() {
    assertThat(plain(0, 0).census(PIECE, 7))
        .isEqualTo(
            new Census(
                7 * 4 + 7 + (20 * 9 + 40) + (20 * 10 + 40) + (16 * 9 + 32),
                20 * 9 + 20 * 10 + 16 * 9 + 7 * 4));
  }

  @Test
  void countsWhatBuildAllocates() {
    LanguageModels.countsWhatBuildAllocates(plain(2, 1), 7);
    LanguageModels.countsWhatBuildAllocates(new AwdLstm(4, 9, 1, 0, 0, 0, 0, 0, 0, 0), 7);
    LanguageModels.countsWhatBuildAllocates(new AwdLstm(9, 4, 2, 0, 0, 0, 0, 0, 0, 0), 7);
  }

  @Test
  void gradientsAreFiniteDifferences() {
    LanguageModels.gradientsAreFiniteDifferences(plain(0, 0), LanguageModels.CROSS_ENTROPY);
    LanguageModels.gradientsAreFiniteDifferences(plain(2, 1), REGULARIZED);
  }

  @Test
  void gradientsAreFiniteDifferencesUnderDropout() {
    LanguageModels.gradientsAreFiniteDifferences(dropping(), REGULARIZED);
  }

  @Test
  void carriesItsState() {
    LanguageModels.carriesItsState(dropping());
  }

  @Test
  void isCausal() {
    LanguageModels.isCausal(dropping());
  }

  @Test
  void regularizationIsWorkedOutByHand() {
    // With logits = features · Eᵀ and E the first unit vectors, the features are the first logits.
    try (PointerScope scope = new PointerScope()) {
      Model model = unitDecoder(plain(2, 3));
      Output output = forward(model, 5);
      double[] x = Filled.numbers(output.logits().narrow(2, 0, 4));
      int step = 2 * 4;
      double squares = Arrays.stream(x).map(v -> v * v).sum() / x.length;
      double changes = 0;
      for (int i = step; i < x.length; i++) {
        changes += Math.pow(x[i] - x[i - step], 2) / (x.length - step);
      }
      assertThat(output.extras().keySet()).containsExactlyInAnyOrder("features", "regularization");
      assertThat(output.extras().get("regularization").dim()).isZero();
      assertThat(output.extras().get("regularization").item_double())
          .isCloseTo(2 * squares + 3 * changes, within(1e-12));
    }
  }

  @Test
  void activationIsOfTheDroppedAndSlownessOfTheUndroppedOutput() {
    try (PointerScope scope = new PointerScope()) {
      AwdLstm activation = new AwdLstm(4, 5, 2, 0, 0, 0, 0.5, 0, 1, 0);
      torch.manual_seed(7);
      Output dropped = forward(unitDecoder(activation), 5);
      double[] x = Filled.numbers(dropped.logits().narrow(2, 0, 4));
      assertThat(x).contains(0);
      assertThat(dropped.extras().get(AwdLstm.REGULARIZATION).item_double())
          .isCloseTo(Arrays.stream(x).map(v -> v * v).sum() / x.length, within(1e-12));

      AwdLstm slow = new AwdLstm(4, 5, 2, 0, 0, 0, 0.5, 0, 0, 1);
      AwdLstm slowUndropped = new AwdLstm(4, 5, 2, 0, 0, 0, 0, 0, 0, 1);
      assertThat(regularization(slow)).isEqualTo(regularization(slowUndropped));
    }
  }

  private static double regularization(AwdLstm spec) {
    return forward(unitDecoder(spec), 5).extras().get(AwdLstm.REGULARIZATION).item_double();
  }

  @Test
  void onePieceOfOneTokenHasNoChange() {
    try (PointerScope scope = new PointerScope()) {
      Output output = forward(LanguageModels.filled(plain(0, 1)), 1);
      assertThat(output.extras().get(AwdLstm.REGULARIZATION).item_double()).isZero();
    }
  }

  @Test
  void regularizesInTrainingOnly() {
    try (PointerScope scope = new PointerScope()) {
      Model model = LanguageModels.filled(plain(2, 1));
      assertThat(forward(model, 3).extras()).containsKey(AwdLstm.REGULARIZATION);
      model.module().eval();
      assertThat(forward(model, 3).extras()).doesNotContainKey(AwdLstm.REGULARIZATION);
      assertThat(forward(LanguageModels.filled(plain(0, 0)), 3).extras())
          .doesNotContainKey(AwdLstm.REGULARIZATION);
    }
  }

  @Test
  void eachDropoutActsInTrainingAndNoneInEvaluation() {
    List<AwdLstm> specs =
        List.of(
            new AwdLstm(4, 5, 2, 0.5, 0, 0, 0, 0, 0, 0),
            new AwdLstm(4, 5, 2, 0, 0.5, 0, 0, 0, 0, 0),
            new AwdLstm(4, 5, 2, 0, 0, 0.5, 0, 0, 0, 0),
            new AwdLstm(4, 5, 2, 0, 0, 0, 0.5, 0, 0, 0),
            new AwdLstm(4, 5, 2, 0, 0, 0, 0, 0.5, 0, 0));
    try (PointerScope scope = new PointerScope()) {
      double[] undropped =
          logits(LanguageModels.filled(new AwdLstm(4, 5, 2, 0, 0, 0, 0, 0, 0, 0)), 1);
      for (AwdLstm spec : specs) {
        Model model = LanguageModels.filled(spec);
        assertThat(model.stochastic()).isTrue();
        model.module().train(true);
        double[] once = logits(model, 1);
        assertThat(once).as(spec.toString()).isNotEqualTo(undropped).isEqualTo(logits(model, 1));
        assertThat(logits(model, 2)).as(spec.toString()).isNotEqualTo(once);
        model.module().eval();
        assertThat(logits(model, 1)).as(spec.toString()).isEqualTo(undropped);
      }
      assertThat(plain(2, 1).build(PIECE, 11).stochastic()).isFalse();
    }
  }

  @Test
  void droppedWeightsTouchNothingBeforeTheSecondToken() {
    try (PointerScope scope = new PointerScope()) {
      Model model = LanguageModels.filled(new AwdLstm(4, 5, 2, 0, 0, 0, 0, 0.5, 0, 0));
      torch.manual_seed(1);
      Tensor dropped = forward(model, 3).logits();
      Tensor other = forward(model, 3).logits();
      assertThat(Filled.numbers(dropped.select(0, 0)))
          .isEqualTo(Filled.numbers(other.select(0, 0)));
      assertThat(Filled.numbers(dropped.select(0, 1)))
          .isNotEqualTo(Filled.numbers(other.select(0, 1)));
    }
  }

  @Test
  void aDroppedUnitIsZeroAtAllTimes() {
    try (PointerScope scope = new PointerScope()) {
      Model model = unitDecoder(new AwdLstm(4, 5, 2, 0, 0, 0, 0.5, 0, 0, 0));
      torch.manual_seed(3);
      Tensor features = forward(model, 6).logits().narrow(2, 0, 4);
      double[] first = Filled.numbers(features.select(0, 0));
      assertThat(first).contains(0);
      for (int time = 1; time < 6; time++) {
        double[] now = Filled.numbers(features.select(0, time));
        for (int i = 0; i < now.length; i++) {
          assertThat(now[i] == 0).isEqualTo(first[i] == 0);
        }
      }
    }
  }

  /** Known weights, but the embedding's rows are unit vectors and the decoder's bias is 0. */
  private static Model unitDecoder(AwdLstm spec) {
    Model model = LanguageModels.filled(spec);
    Map<String, Tensor> parameters = Filled.parameters(model.module());
    try (NoGradGuard constant = new NoGradGuard()) {
      parameters.get("encoder.weight").copy_(torch.eye(11, 4));
      parameters.get("decoder.bias").zero_();
    }
    return model;
  }

  private static Output forward(Model model, long time) {
    try (Memory memory = new Memory()) {
      return model.forward(Filled.tokens(0, time, 2, 11), memory);
    }
  }

  private static double[] logits(Model model, long seed) {
    torch.manual_seed(seed);
    return Filled.numbers(forward(model, 4).logits());
  }

  @Test
  void carriesFloat32InBfloat16() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = dropping().build(PIECE, 11);
      for (int piece = 0; piece < 2; piece++) {
        Output output =
            Precision.BFLOAT16.around(model).forward(Filled.tokens(0, 5, 3, 11), memory);
        assertThat(output.extras().get(AwdLstm.REGULARIZATION).scalar_type().intern())
            .isEqualTo(ScalarType.Float);
        assertThat(memory.read())
            .hasSize(6)
            .allSatisfy(s -> assertThat(s.scalar_type().intern()).isEqualTo(ScalarType.Float));
      }
    }
  }

  @Test
  void projectsALargeVocabularyInsteadOfMakingItsLogits() {
    try (PointerScope scope = new PointerScope()) {
      Model model = plain(2, 1).build(PIECE, Decoder.LARGEST_AT_ONCE + 1);
      Output output = forward(model, 2);
      assertThat(output.distribution()).isInstanceOf(Distribution.Projected.class);
      assertThat(output.extras()).hasSize(1);
      assertThat(output.logits().size(2)).isEqualTo(Decoder.LARGEST_AT_ONCE + 1);
    }
  }

  @Test
  void leavesNothingButItsOutputAndItsState() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = dropping().build(PIECE, 11);
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
    assertThatThrownBy(() -> new AwdLstm().build(Shape.of(3, 32, 32), 11))
        .hasMessage(
            "input = 3x32x32 is not allowed; AwdLstm takes pieces of text, 1 token or longer");
    assertThatThrownBy(() -> new AwdLstm(4, 5, 2, 0, 0, 0, 0, 1, 0, 0))
        .hasMessageContaining("weight-dropout = 1");
    assertThatThrownBy(() -> new AwdLstm(4, 5, 2, 0, 0, 0, 0, 0, -1, 0))
        .hasMessageContaining("activation = -1");
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Model model = plain(0, 0).build(PIECE, 11);
      model.forward(Filled.tokens(0, 3, 2, 11), memory);
      assertThatThrownBy(() -> model.forward(Filled.tokens(0, 3, 5, 11), memory))
          .hasMessage("batch = 5 is not allowed; the carried state is of 2 texts");
    }
  }
}
