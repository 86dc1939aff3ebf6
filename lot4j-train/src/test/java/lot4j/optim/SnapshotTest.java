package lot4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lot4j.method.Toy;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final String MEAN = "norm.running_mean";
  private static final String COUNT = "norm.num_batches_tracked";

  private PointerScope scope;
  private Weights weights;

  /** A network whose numbers are all 1. */
  @BeforeEach
  void makeWeights() {
    scope = new PointerScope();
    weights = Toy.pupil(new Toy.Spec(true, 0), 1).weights;
    fill(1);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private void fill(double value) {
    try (NoGradGuard constant = new NoGradGuard()) {
      weights.values().fill_(new Scalar(value));
      weights.buffers().values().forEach(buffer -> buffer.data().fill_(new Scalar(value)));
    }
  }

  private void assertHolds(double values, double mean, long count) {
    assertThat(weights.values().sub(new Scalar(values)).abs().max().item_double()).isLessThan(1e-6);
    Tensor running = weights.buffers().get(MEAN);
    assertThat(running.sub(new Scalar(mean)).abs().max().item_double()).isLessThan(1e-6);
    assertThat(weights.buffers().get(COUNT).item_long()).isEqualTo(count);
  }

  @Test
  void takesThePlaceOfTheNetworkAndGivesItBackEveryBit() {
    try (Snapshot snapshot = new Snapshot(weights)) {
      fill(0.1);
      Tensor own = weights.values().clone();
      try (Average.Swap inPlace = snapshot.swapIn()) {
        assertHolds(1, 1, 1);
      }
      assertThat(weights.values().equal(own)).isTrue();
      try (Average.Swap again = snapshot.swapIn()) {
        assertHolds(1, 1, 1);
        again.close(); // and once more at the end, which does nothing
      }
      assertThat(weights.values().equal(own)).isTrue();
    }
  }

  @Test
  void takesWhatTheNetworkIs() {
    try (Snapshot snapshot = new Snapshot(weights)) {
      fill(3);
      snapshot.take();
      fill(5);
      snapshot.give();
      assertHolds(3, 3, 3);
    }
  }

  @Test
  void followsWithItsWeightsAndTakesTheStatistics() {
    try (Snapshot snapshot = new Snapshot(weights)) {
      fill(5);
      snapshot.follow(0.75); // ¾ of 1 and ¼ of 5
      snapshot.give();
      assertHolds(2, 5, 5);
    }
  }

  @Test
  void blendsStatisticsToo() {
    try (Snapshot snapshot = new Snapshot(weights)) {
      fill(5);
      snapshot.blend(0.75);
      snapshot.give();
      assertHolds(2, 2, 5);
    }
  }

  @Test
  void isNotTouchedWhileItIsInTheNetwork() {
    try (Snapshot snapshot = new Snapshot(weights);
        Average.Swap inPlace = snapshot.swapIn()) {
      assertThatThrownBy(snapshot::take).hasMessageContaining("while it is in the network");
      assertThatThrownBy(() -> snapshot.follow(0.5)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> snapshot.blend(0.5)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(snapshot::give).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(snapshot::swapIn).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> snapshot.save(new MemoryState()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void isRestored() {
    MemoryState state = new MemoryState();
    try (Snapshot snapshot = new Snapshot(weights)) {
      snapshot.save(state);
    }
    fill(7);
    try (Snapshot other = new Snapshot(weights)) {
      other.restore(state);
      other.give();
      assertHolds(1, 1, 1);
    }
  }

  @Test
  void aRunningMeanIsTheMeanOfTheStepsThatCount() {
    try (RunningMean mean = new RunningMean(weights, step -> step % 2 == 1)) {
      double[] values = {10, 2, 20, 3, 30, 7};
      for (int step = 0; step < values.length; step++) {
        fill(values[step]);
        mean.update(step);
      }
      try (Average.Swap averaged = mean.swapIn()) {
        assertHolds(4, 4, 7); // (2 + 3 + 7) / 3
      }
      assertHolds(7, 7, 7);
    }
  }

  @Test
  void aRunningMeanOfNothingIsTheNetwork() {
    try (RunningMean mean = new RunningMean(weights, step -> step > 5)) {
      fill(2);
      mean.update(5);
      try (Average.Swap averaged = mean.swapIn()) {
        assertHolds(2, 2, 2);
      }
    }
  }

  @Test
  void aRunningMeanGoesOnAfterARestore() {
    MemoryState state = new MemoryState();
    try (RunningMean mean = new RunningMean(weights, step -> true)) {
      mean.update(0);
      mean.save(state);
    }
    fill(4);
    try (RunningMean other = new RunningMean(weights, step -> true)) {
      other.restore(state);
      other.update(1);
      try (Average.Swap averaged = other.swapIn()) {
        assertHolds(2.5, 2.5, 4);
      }
    }
  }

  @Test
  void aHeldRateStaysWhatItWasWhateverScoresSay() {
    Plateau plateau = new Plateau(0.5, 0, 1, 0);
    MemoryState state = new MemoryState();
    HeldRate rate = new HeldRate(plateau.over(10, 1), 4);
    assertThat(rate.factor(3)).isEqualTo(1);
    rate.evaluated(0.9, true);
    worse(rate);
    assertThat(rate.factor(3)).isEqualTo(0.5);
    assertThat(rate.factor(4)).isEqualTo(0.5);
    worse(rate);
    assertThat(rate.factor(9)).isEqualTo(0.5);
    rate.save(state);
    HeldRate again = new HeldRate(plateau.over(10, 1), 4);
    again.restore(state);
    assertThat(again.factor(9)).isEqualTo(0.5);
    assertThat(again.factor(3)).isEqualTo(0.25);
  }

  private static void worse(LearningRate rate) {
    rate.evaluated(0.1, true);
  }
}
