package lot4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Averaging that begins when validation no longer improves. */
class TriggerTest {
  private static final double DECAY = 1e-3;

  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void worsensAsInTheirAlgorithm() {
    Random random = new Random(5);
    for (int interval = 1; interval <= 5; interval++) {
      Trigger.Watch watch = Trigger.after(interval).watch();
      List<Double> seen = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        double score = random.nextInt(20);
        assertThat(watch.worsened(score, false)).isEqualTo(byDefinition(seen, interval, score));
        seen.add(score);
      }
    }
  }

  /** t > n and v > min over all but the last n, word for word. */
  private static boolean byDefinition(List<Double> seen, int interval, double score) {
    return seen.size() > interval
        && score
            > seen.subList(0, seen.size() - interval).stream()
                .mapToDouble(Double::doubleValue)
                .min()
                .orElseThrow();
  }

  @Test
  void worsensTheOtherWayRoundWhereHigherIsBetter() {
    Trigger.Watch lower = Trigger.after(2).watch();
    Trigger.Watch higher = Trigger.after(2).watch();
    Random random = new Random(6);
    for (int i = 0; i < 60; i++) {
      double score = random.nextInt(20);
      assertThat(higher.worsened(-score, true)).isEqualTo(lower.worsened(score, false));
    }
  }

  @Test
  void aScoreThatIsNotANumberNeitherWorsensNorIsTheBest() {
    Trigger.Watch watch = Trigger.after(1).watch();
    for (double score : new double[] {Double.NaN, 3, 2, Double.NaN}) {
      assertThat(watch.worsened(score, false)).isFalse();
    }
    assertThat(watch.worsened(2.5, false)).isTrue();
  }

  @Test
  void isPlainSgdUntilItsMoment() {
    Weights weights = weights();
    Optimizer asgd = triggered(weights);
    Weights same = weights();
    Optimizer sgd = new Sgd(0.1, 0, false, DECAY, Clip.none()).over(same);
    for (int step = 0; step < 5; step++) {
      step(asgd, weights, step);
      step(sgd, same, step);
      assertThat(weights.values().equal(same.values())).isTrue();
      assertThat(asgd.averaging().orElseThrow().equal(weights.values())).isTrue();
      asgd.evaluated(10 - step, false);
    }
  }

  @Test
  void isFromThereOnAveragedFromItsFirstStep() {
    Weights weights = weights();
    Optimizer asgd = triggered(weights);
    for (int step = 0; step < 4; step++) {
      step(asgd, weights, step);
    }
    trip(asgd);
    assertThat(asgd.averaging().orElseThrow().equal(weights.values())).isTrue();
    Weights same = weights();
    try (NoGradGuard constant = new NoGradGuard()) {
      same.values().copy_(weights.values());
    }
    Optimizer fresh = new Asgd(0.1, 1e-2, 0.75, 0, DECAY, Trigger.none(), Clip.none()).over(same);
    for (int step = 4; step < 12; step++) {
      step(asgd, weights, step);
      step(fresh, same, step);
      asgd.evaluated(1e6, false);
      assertThat(weights.values().equal(same.values())).isTrue();
      assertThat(asgd.averaging().orElseThrow().equal(fresh.averaging().orElseThrow())).isTrue();
    }
    assertThat(asgd.averaging().orElseThrow().equal(weights.values())).isFalse();
  }

  @Test
  void withoutATriggerScoresChangeNothing() {
    Weights weights = weights();
    Optimizer asgd = Asgd.defaults().over(weights);
    Weights same = weights();
    Optimizer unasked = Asgd.defaults().over(same);
    for (int step = 0; step < 9; step++) {
      step(asgd, weights, step);
      step(unasked, same, step);
      asgd.evaluated(step, false);
    }
    assertThat(weights.values().equal(same.values())).isTrue();
    assertThat(asgd.averaging().orElseThrow().equal(unasked.averaging().orElseThrow())).isTrue();
  }

  @Test
  void goesOnToTheBitAfterARestore() {
    double[] scores = {9, 8, 8.5, 7, 7.5, 8.2, 6, 6, 6, 6};
    for (int cut = 0; cut < scores.length; cut++) {
      Weights weights = weights();
      Optimizer whole = triggered(weights);
      run(whole, weights, scores, 0, cut);
      MemoryState state = new MemoryState();
      whole.save(state);
      Weights restored = weights();
      try (NoGradGuard constant = new NoGradGuard()) {
        restored.values().copy_(weights.values());
      }
      Optimizer other = triggered(restored);
      other.restore(state);
      run(whole, weights, scores, cut, scores.length);
      run(other, restored, scores, cut, scores.length);
      assertThat(restored.values().equal(weights.values())).isTrue();
      Tensor average = whole.averaging().orElseThrow();
      assertThat(other.averaging().orElseThrow().equal(average)).isTrue();
      assertThat(average.equal(weights.values())).as("it was triggered").isFalse();
    }
  }

  @Test
  void goesBackToBeforeItsMoment() {
    Weights weights = weights();
    Optimizer asgd = triggered(weights);
    step(asgd, weights, 0);
    MemoryState before = new MemoryState();
    asgd.save(before);
    trip(asgd);
    for (int step = 1; step < 5; step++) {
      step(asgd, weights, step);
    }
    assertThat(asgd.averaging().orElseThrow().equal(weights.values())).isFalse();
    asgd.restore(before);
    assertThat(asgd.averaging().orElseThrow().equal(weights.values())).isTrue();
  }

  @Test
  void isWrittenAsANumberOrNone() {
    assertThat(Trigger.of(5)).isEqualTo(Trigger.after(5));
    assertThat(Trigger.of(5L).json()).isEqualTo(5);
    assertThat(Trigger.of("none")).isEqualTo(Trigger.none());
    assertThat(Trigger.none().json()).isEqualTo("none");
    for (Object wrong : new Object[] {0, -1, 2.0, "five", 1L << 40}) {
      assertThatThrownBy(() -> Trigger.of(wrong))
          .hasMessage(
              "trigger = "
                  + (wrong.equals(2.0) ? "2" : wrong)
                  + " is not allowed; a whole number from 1 to 2147483647, or none");
    }
  }

  private static Optimizer triggered(Weights weights) {
    return new Asgd(0.1, 1e-2, 0.75, 1e6, DECAY, Trigger.after(2), Clip.none()).over(weights);
  }

  private static void trip(Optimizer optimizer) {
    for (double score : new double[] {1, 1, 1, 2}) {
      optimizer.evaluated(score, false);
    }
  }

  private static void run(Optimizer own, Weights weights, double[] scores, int from, int to) {
    for (int step = from; step < to; step++) {
      step(own, weights, step);
      own.evaluated(scores[step], false);
    }
  }

  private static void step(Optimizer optimizer, Weights weights, int step) {
    try (NoGradGuard constant = new NoGradGuard()) {
      weights.gradients().copy_(weights.values()).mul_(new Scalar(0.3)).add_(new Scalar(step - 3));
    }
    optimizer.step(0.1);
  }

  private static Weights weights() {
    torch.manual_seed(3);
    return Weights.of(new LinearImpl(4, 3));
  }
}
