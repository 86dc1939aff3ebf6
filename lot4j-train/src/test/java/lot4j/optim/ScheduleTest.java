package lot4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void constantIsOneAfterALinearWarmup() {
    // 2 units of 2 steps: a quarter of the warm-up at each of 4 steps.
    assertFactors(new Constant(2).over(8, 2), 0.25, 0.5, 0.75, 1, 1, 1);
    assertFactors(Constant.defaults().over(8, 2), 1, 1);
  }

  @Test
  void linearFallsToItsFloor() {
    assertFactors(Linear.defaults().over(4, 1), 1, 0.75, 0.5, 0.25, 0);
    assertFactors(new Linear(1, 0.2).over(6, 2), 0.5, 1, 1, 0.8, 0.6, 0.4, 0.2);
  }

  @Test
  void cosineMovesAtEveryUpdate() {
    double half = Math.sqrt(0.5);
    assertFactors(Cosine.defaults().over(4, 2), 1, (1 + half) / 2, 0.5, (1 - half) / 2, 0);
    assertFactors(
        new Cosine(1, Cosine.Per.UPDATE, 0.5).over(6, 2),
        0.5,
        1,
        1,
        0.5 + 0.25 * (1 + half),
        0.75,
        0.5 + 0.25 * (1 - half),
        0.5);
  }

  @Test
  void cosinePerEpochHoldsDuringAnEpoch() {
    // 4 epochs of 3 updates, as CosineAnnealingLR(T_max=4) stepped once an epoch.
    LearningRate rate = new Cosine(0, Cosine.Per.EPOCH, 0).over(12, 3);
    double half = Math.sqrt(0.5);
    double second = (1 + half) / 2;
    assertFactors(rate, 1, 1, 1, second, second, second, 0.5, 0.5, 0.5, (1 - half) / 2);
  }

  @Test
  void aStretchedRunStretchesWarmupAndDecay() {
    LearningRate plain = new Cosine(2, Cosine.Per.UPDATE, 0.1).over(100, 10);
    LearningRate twice = new Cosine(2, Cosine.Per.UPDATE, 0.1).over(200, 20);
    for (long step = 20; step < 100; step++) {
      assertThat(twice.factor(2 * step)).isCloseTo(plain.factor(step), within(1e-12));
    }
    assertThat(twice.factor(39)).isEqualTo(1);
    assertThat(twice.factor(38)).isLessThan(1);
  }

  @Test
  void stepDropsEverySizeUnits() {
    assertFactors(new Step(2, 0.5, 0).over(12, 2), 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25);
  }

  @Test
  void multiStepDropsAtItsMilestones() {
    assertFactors(
        new MultiStep(List.of(1.0, 2.5), 0.1, 0).over(8, 2), 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01);
  }

  @Test
  void plateauDropsAfterPatienceRunsOut() {
    LearningRate rate = new Plateau(0.5, 1, 0.1, 0).over(100, 1);
    rate.evaluated(0.50, true);
    rate.evaluated(0.52, true); // better by less than a tenth of 0.50
    assertThat(rate.factor(0)).isEqualTo(1);
    rate.evaluated(Double.NaN, true);
    assertThat(rate.factor(0)).isEqualTo(0.5);
    rate.evaluated(0.56, true);
    rate.evaluated(0.40, true);
    assertThat(rate.factor(0)).isEqualTo(0.5);
    rate.evaluated(0.40, true);
    assertThat(rate.factor(0)).isEqualTo(0.25);
  }

  @Test
  void plateauKnowsLowerIsBetterAndNegativeScores() {
    LearningRate rate = new Plateau(0.5, 0, 0.1, 0).over(100, 1);
    rate.evaluated(-10, false);
    rate.evaluated(-11.5, false);
    assertThat(rate.factor(0)).isEqualTo(1);
    rate.evaluated(-11.6, false);
    assertThat(rate.factor(0)).isEqualTo(0.5);
  }

  @Test
  void plateauIsRestored() {
    Plateau spec = new Plateau(0.5, 1, 0.0, 0);
    LearningRate rate = spec.over(100, 1);
    rate.evaluated(1, true);
    rate.evaluated(0, true);
    MemoryState state = new MemoryState();
    rate.save(state);
    LearningRate other = spec.over(100, 1);
    other.restore(state);
    other.evaluated(0.5, true);
    assertThat(other.factor(0)).isEqualTo(0.5);
  }

  @Test
  void namesTheKeyThatIsWrong() {
    assertThatThrownBy(() -> new Cosine(-1, Cosine.Per.UPDATE, 0))
        .hasMessage("warmup = -1 is not allowed; 0 or more");
    assertThatThrownBy(() -> new MultiStep(List.of(2.0, 1.0), 0.1, 0))
        .hasMessage(
            "milestones = [2.0, 1.0] is not allowed; one or more numbers above 0, ascending");
    assertThatThrownBy(() -> new Step(1, 0, 0))
        .hasMessage("gamma = 0 is not allowed; above 0 and at most 1");
    assertThatThrownBy(() -> new Plateau(1, 0, 0, 0))
        .hasMessage("factor = 1 is not allowed; above 0 and below 1");
  }

  private static void assertFactors(LearningRate rate, double... factors) {
    for (int step = 0; step < factors.length; step++) {
      assertThat(rate.factor(step)).as("step %d", step).isCloseTo(factors[step], within(1e-12));
    }
  }
}
