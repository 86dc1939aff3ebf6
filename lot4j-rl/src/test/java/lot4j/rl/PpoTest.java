package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Output;
import lot4j.testkit.GradientCheck;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loss of a minibatch, by hand and by differences. */
class PpoTest {
  private static final Offset<Double> EXACT = within(1e-12);

  /** Two actions with the probabilities of 0.5 and 0.5, 0.8 and 0.2, 0.25 and 0.75. */
  private static final double[][] LOGITS = {
    {0, 0}, {Math.log(4), 0}, {0, Math.log(3)},
  };

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Ppo ppo(PpoConfig config) {
    return new Ppo(config, (networks, split) -> List.of());
  }

  private static PpoConfig config(double clip, Optional<Double> valueClip, boolean normalize) {
    return new PpoConfig(
        0.99, 0.95, 4, clip, valueClip, 0.5, 0.01, normalize, false, Optional.empty());
  }

  private static Output output(Distribution policy, Tensor values) {
    return new Output(policy, Map.of("value", values));
  }

  private static Output choices(Tensor logits) {
    return output(new Categorical(logits), tensor(1.0, 2.0, 3.0));
  }

  /** Ratios of 1, 1.6 and 0.5 with the policy of {@link #LOGITS}. */
  private static Experience experience(double... advantages) {
    return new Experience(
        tensor(0L, 0L, 1L),
        tensor(Math.log(0.5), Math.log(0.5), Math.log(1.5)),
        tensor(advantages),
        tensor(1.5, 0.0, 3.0),
        tensor(1.0, 1.0, 3.5));
  }

  private static double number(Tensor tensor) {
    assertThat(tensor.dim()).isZero();
    return tensor.item_double();
  }

  @Test
  void theClippedObjectiveIsThePessimisticOne() {
    Ppo.Terms terms =
        ppo(config(0.2, Optional.empty(), false))
            .terms(choices(Numbers.matrix(LOGITS)), experience(2, 1, 1));
    // r = 1: 2·1; r = 1.6, clipped to 1.2: 1·1.2; r = 0.5: the smaller, 1·0.5
    assertThat(number(terms.policy())).isEqualTo(-(2 + 1.2 + 0.5) / 3, EXACT);
    Ppo.Terms worse =
        ppo(config(0.2, Optional.empty(), false))
            .terms(choices(Numbers.matrix(LOGITS)), experience(2, -1, -1));
    // −1 at r = 1.6 counts whole; at r = 0.5 as if it were 0.8
    assertThat(number(worse.policy())).isEqualTo(-(2 - 1.6 - 0.8) / 3, EXACT);
  }

  @Test
  void howFarThePolicyMovedIsMeasured() {
    Ppo.Terms terms =
        ppo(config(0.2, Optional.empty(), false))
            .terms(choices(Numbers.matrix(LOGITS)), experience(2, 1, 1));
    double logs = Math.log(1.6) + Math.log(0.5);
    assertThat(number(terms.oldApproximateKl())).isEqualTo(-logs / 3, EXACT);
    assertThat(number(terms.approximateKl())).isEqualTo((0.6 - 0.5 - logs) / 3, EXACT);
    assertThat(number(terms.clipFraction())).isEqualTo(2.0 / 3, EXACT);
    Ppo.Terms wider =
        ppo(config(0.55, Optional.empty(), false))
            .terms(choices(Numbers.matrix(LOGITS)), experience(2, 1, 1));
    assertThat(number(wider.clipFraction())).isEqualTo(1.0 / 3, EXACT);
  }

  @Test
  void theValueLossIsHalfTheSquaredError() {
    Ppo.Terms free =
        ppo(config(0.2, Optional.empty(), false))
            .terms(choices(Numbers.matrix(LOGITS)), experience(1, 1, 1));
    assertThat(number(free.value())).isEqualTo((0.25 + 4 + 0) / 6, EXACT);
  }

  @Test
  void aClippedValueCountsWhereItIsTheWorseOne() {
    Ppo.Terms clipped =
        ppo(config(0.2, Optional.of(0.1), false))
            .terms(choices(Numbers.matrix(LOGITS)), experience(1, 1, 1));
    // 1 stays; 2 would be 1.1, nearer to 0, so 2 counts; 3 is cut to 3.4, further from 3
    assertThat(number(clipped.value())).isEqualTo((0.25 + 4 + 0.16) / 6, EXACT);
  }

  @Test
  void theTotalIsWhatItsPartsMakeIt() {
    PpoConfig config =
        new PpoConfig(
            0.99, 0.95, 4, 0.2, Optional.empty(), 0.7, 0.03, false, false, Optional.empty());
    Ppo.Terms terms = ppo(config).terms(choices(Numbers.matrix(LOGITS)), experience(2, 1, 1));
    double entropy =
        (Math.log(2)
                - 0.8 * Math.log(0.8)
                - 0.2 * Math.log(0.2)
                - 0.25 * Math.log(0.25)
                - 0.75 * Math.log(0.75))
            / 3;
    assertThat(number(terms.entropy())).isEqualTo(entropy, EXACT);
    assertThat(number(terms.total())).isEqualTo(-3.7 / 3 + 0.7 * 4.25 / 6 - 0.03 * entropy, EXACT);
  }

  @Test
  void normalisedAdvantagesHaveMeanZeroAndDeviationOne() {
    Ppo.Terms terms =
        ppo(config(0.9, Optional.empty(), true))
            .terms(choices(Numbers.matrix(LOGITS)), experience(12, 8, 10));
    // 12, 8, 10: deviation 2 of a sample, so 1, −1, 0
    assertThat(number(terms.policy())).isEqualTo(-(1 - 1.6) / 3, within(1e-8));
  }

  @Test
  void oneSampleKeepsItsAdvantage() {
    Experience one =
        new Experience(tensor(0L), tensor(Math.log(0.5)), tensor(3.0), tensor(0.0), tensor(0.0));
    Output output = output(new Categorical(Numbers.matrix(new double[][] {{0, 0}})), tensor(0.0));
    Ppo.Terms terms = ppo(config(0.2, Optional.empty(), true)).terms(output, one);
    assertThat(number(terms.policy())).isEqualTo(-3, EXACT);
  }

  @Test
  void likeAdvantagesAreNoReasonForNaN() {
    Ppo.Terms terms =
        ppo(config(0.2, Optional.empty(), true))
            .terms(choices(Numbers.matrix(LOGITS)), experience(4, 4, 4));
    assertThat(number(terms.policy())).isEqualTo(0, EXACT);
  }

  @ParameterizedTest
  @CsvSource({"3", "3 1"})
  void valuesMayHaveAnAxisOfOne(String shape) {
    Tensor values = tensor(1.0, 2.0, 3.0);
    Tensor shaped = shape.length() > 1 ? values.view(3, 1) : values;
    Ppo.Terms terms =
        ppo(config(0.2, Optional.empty(), false))
            .terms(output(new Categorical(Numbers.matrix(LOGITS)), shaped), experience(1, 1, 1));
    assertThat(number(terms.value())).isEqualTo(4.25 / 6, EXACT);
  }

  @Test
  void aNetworkWithoutValuesIsNoPolicy() {
    assertThatThrownBy(
            () ->
                ppo(PpoConfig.standard())
                    .terms(Output.logits(Numbers.matrix(LOGITS)), experience(1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an actor and a critic");
  }

  @Test
  void statesAloneHaveNoLoss() {
    Minibatch states = Minibatch.states(Numbers.matrix(LOGITS));
    assertThatThrownBy(
            () -> ppo(PpoConfig.standard()).loss(choices(Numbers.matrix(LOGITS)), states))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ppo: states alone have no loss");
  }

  /** Clipped on both sides, and not; advantages of both signs. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 0.55, 3})
  void gradientsOfChoicesAreThoseOfDifferences(double clip) {
    Ppo ppo = ppo(config(clip, Optional.of(0.1), true));
    for (double[] advantages : new double[][] {{2, 1, -1}, {-2, -1, 3}}) {
      Experience from = experience(advantages);
      GradientCheck.of(
              logits -> ppo.terms(choices(logits), from).total(),
              Numbers.matrix(new double[][] {{0.1, 0}, {1.3, 0}, {0, 1.2}}))
          .requireWithin(1e-7);
      GradientCheck.of(
              values ->
                  ppo.terms(output(new Categorical(Numbers.matrix(LOGITS)), values), from).total(),
              tensor(1.05, 2.0, 3.0))
          .requireWithin(1e-7);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 3})
  void gradientsOfNumbersAreThoseOfDifferences(double clip) {
    Ppo ppo = ppo(config(clip, Optional.empty(), true));
    Tensor mean = Numbers.matrix(new double[][] {{0.1, 0.2}, {1.3, -1}, {0, 1.2}});
    Tensor logStd = tensor(-0.4, 0.3);
    Tensor actions = Numbers.matrix(new double[][] {{0.4, 0}, {1, -1.5}, {0.2, 0.2}});
    Tensor logs =
        Policies.judge(new DiagonalNormal(mean, logStd), actions)
            .logProbability()
            .detach()
            .sub(tensor(0.0, 0.47, -0.3));
    Tensor values = tensor(1.0, 2.0, 3.0);
    Experience from =
        new Experience(actions, logs, tensor(2.0, 1.0, -1.5), values.mul(values), values);
    GradientCheck.of(
            m -> ppo.terms(output(new DiagonalNormal(m, logStd), values), from).total(), mean)
        .requireWithin(1e-7);
    GradientCheck.of(
            l -> ppo.terms(output(new DiagonalNormal(mean, l), values), from).total(), logStd)
        .requireWithin(1e-7);
  }

  @Test
  void whereThePessimistIsContentNothingPulls() {
    Ppo ppo =
        ppo(
            new PpoConfig(
                0.99, 0.95, 4, 0.2, Optional.empty(), 0, 0, false, false, Optional.empty()));
    Tensor logits = Numbers.matrix(LOGITS).set_requires_grad(true);
    // r = 1.6 with a gain and r = 0.5 with a loss have gone far enough
    ppo.terms(choices(logits), experience(0, 1, -1)).total().backward();
    assertThat(Numbers.of(logits.grad())).containsOnly(0);
    Tensor others = Numbers.matrix(LOGITS).set_requires_grad(true);
    ppo.terms(choices(others), experience(0, -1, 1)).total().backward();
    double[] pull = Numbers.of(others.grad());
    assertThat(pull[2]).isNotZero();
    assertThat(pull[4]).isNotZero();
  }

  @Test
  void aPartIsTheFirstRowsOfEverything() {
    Ppo ppo = ppo(PpoConfig.standard());
    Output part = ppo.part(choices(Numbers.matrix(LOGITS)), 0.5);
    assertThat(part.logits().sizes().vec().get()).containsExactly(2, 2);
    assertThat(Numbers.of(part.extras().get("value"))).containsExactly(1, 2);
    Output normal =
        output(new DiagonalNormal(Numbers.matrix(LOGITS), tensor(0.1, 0.2)), tensor(1.0, 2.0, 3.0));
    DiagonalNormal first = (DiagonalNormal) ppo.part(normal, 1.0 / 3).distribution();
    assertThat(first.mean().size(0)).isEqualTo(1);
    assertThat(Numbers.of(first.logStd())).containsExactly(0.1, 0.2);
  }
}
