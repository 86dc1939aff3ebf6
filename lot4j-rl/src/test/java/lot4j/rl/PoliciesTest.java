package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.tensor;
import static org.bytedeco.pytorch.global.torch.zeros;

import lot4j.Distribution;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.DiagonalNormal;
import lot4j.rl.Policies.Judgement;
import lot4j.testkit.GradientCheck;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PoliciesTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final double[][] LOGITS = {{0.3, -1.2, 2}, {1000, -1000, 999}};

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void aChoiceHasTheLogarithmOfItsSoftmax() {
    double[] logs =
        Numbers.of(
            Policies.judge(new Categorical(Numbers.matrix(LOGITS)), tensor(1L, 2L))
                .logProbability());
    double sum = Math.exp(0.3) + Math.exp(-1.2) + Math.exp(2);
    assertThat(logs[0]).isEqualTo(-1.2 - Math.log(sum), EXACT);
    assertThat(logs[1]).isEqualTo(-1 - Math.log1p(Math.exp(-1)), EXACT);
  }

  @Test
  void theEntropyOfAChoiceIsKnown() {
    Judgement alike =
        Policies.judge(new Categorical(Numbers.matrix(new double[][] {{7, 7, 7, 7}})), tensor(0L));
    assertThat(Numbers.of(alike.entropy())).containsExactly(new double[] {Math.log(4)}, EXACT);
    double[] some =
        Numbers.of(
            Policies.judge(new Categorical(Numbers.matrix(LOGITS)), tensor(0L, 0L)).entropy());
    double p = 1 / (1 + Math.exp(-1));
    assertThat(some[1]).isEqualTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), within(1e-9));
  }

  @Test
  void anImpossibleChoiceLeavesTheGradientFinite() {
    Tensor logits = Numbers.matrix(new double[][] {{0, -1e5, 1}}).set_requires_grad(true);
    Judgement judged = Policies.judge(new Categorical(logits), tensor(0L));
    judged.logProbability().add(judged.entropy()).sum().backward();
    assertThat(Numbers.of(logits.grad())).doesNotContain(Double.NaN);
  }

  @Test
  void aNumberHasTheLogarithmOfItsDensity() {
    double[][] mean = {{0.5, -1}, {2, 3}};
    double[] logStd = {-0.7, 0.4};
    double[][] actions = {{0.1, 2}, {2, 3}};
    double[] logs =
        Numbers.of(
            Policies.judge(
                    new DiagonalNormal(Numbers.matrix(mean), tensor(logStd)),
                    Numbers.matrix(actions))
                .logProbability());
    for (int row = 0; row < 2; row++) {
      double density = 1;
      for (int i = 0; i < 2; i++) {
        double std = Math.exp(logStd[i]);
        double z = (actions[row][i] - mean[row][i]) / std;
        density *= Math.exp(-z * z / 2) / (std * Math.sqrt(2 * Math.PI));
      }
      assertThat(logs[row]).isEqualTo(Math.log(density), EXACT);
    }
  }

  @Test
  void theEntropyOfNumbersIsTheSumOverDimensions() {
    double[] logStd = {-0.7, 0.4, 2};
    Tensor zeros = Numbers.matrix(new double[][] {{0, 0, 0}, {5, 6, 7}});
    double[] entropy =
        Numbers.of(Policies.judge(new DiagonalNormal(zeros, tensor(logStd)), zeros).entropy());
    double expected = 0;
    for (double log : logStd) {
      expected += 0.5 * Math.log(2 * Math.PI * Math.E * Math.exp(2 * log));
    }
    assertThat(entropy).containsExactly(new double[] {expected, expected}, EXACT);
  }

  @Test
  void aDeviationForEveryRowIsTheSameAsOneForAll() {
    Tensor mean = Numbers.matrix(new double[][] {{0.5, -1}, {2, 3}});
    Tensor actions = Numbers.matrix(new double[][] {{0.1, 2}, {2, 1}});
    Judgement shared = Policies.judge(new DiagonalNormal(mean, tensor(0.1, 0.2)), actions);
    Judgement each =
        Policies.judge(
            new DiagonalNormal(mean, Numbers.matrix(new double[][] {{0.1, 0.2}, {0.1, 0.2}})),
            actions);
    assertThat(Numbers.of(shared.logProbability())).isEqualTo(Numbers.of(each.logProbability()));
    assertThat(Numbers.of(shared.entropy())).isEqualTo(Numbers.of(each.entropy()));
  }

  @Test
  void gradientsAreThoseOfDifferences() {
    Tensor actions = Numbers.matrix(new double[][] {{0.1, 2}, {2, 1}});
    Tensor mean = Numbers.matrix(new double[][] {{0.5, -1}, {2, 3}});
    GradientCheck.of(logStd -> both(new DiagonalNormal(mean, logStd), actions), tensor(-0.3, 0.2))
        .requireWithin(1e-7);
    GradientCheck.of(m -> both(new DiagonalNormal(m, tensor(-0.3, 0.2)), actions), mean)
        .requireWithin(1e-7);
    GradientCheck.of(
            logits -> both(new Categorical(logits), tensor(2L, 0L)),
            Numbers.matrix(new double[][] {{0.3, -1.2, 2}, {0, 1, -1}}))
        .requireWithin(1e-7);
  }

  private static Tensor both(Distribution policy, Tensor actions) {
    Judgement judged = Policies.judge(policy, actions);
    return judged.logProbability().sum().add(judged.entropy().square().sum());
  }

  @Test
  void otherDistributionsAreNoPolicies() {
    Tensor features = zeros(1, 2);
    assertThatThrownBy(() -> Policies.judge(new Distribution.Projected(features, null), tensor(0L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logits or a diagonal normal");
  }
}
