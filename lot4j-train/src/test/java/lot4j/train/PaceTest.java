package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void anEpochsLastStepTakesWhatIsLeft() {
    Pace pace = Pace.of(10, 4, 1);
    assertThat(pace.stepsPerEpoch()).isEqualTo(3);
    assertThat(new long[] {pace.samples(0), pace.samples(1), pace.samples(2), pace.samples(3)})
        .containsExactly(4, 4, 2, 4);
    assertThat(pace.total(0)).isZero();
    assertThat(pace.total(4)).isEqualTo(14);
  }

  @Test
  void aBatchLargerThanTheDataTakesAllOfIt() {
    Pace pace = Pace.of(5, 128, 2);
    assertThat(pace.stepsPerEpoch()).isEqualTo(1);
    assertThat(pace.samples(7)).isEqualTo(5);
    assertThat(pace.stepsFor(11)).isEqualTo(3);
  }

  @Test
  void accumulatedBatchesEachGiveTheirFraction() {
    Pace pace = Pace.of(11, 4, 2); // 4 + 4, then 3
    assertThat(pace.samples(0, 0.3)).isEqualTo(2 + 2);
    assertThat(pace.samples(1, 0.3)).isEqualTo(1);
    assertThat(pace.samples(1, 1)).isEqualTo(3);
  }

  @Test
  void aPartIsRoundedUpAndAtLeastOne() {
    assertThat(Pace.part(10, 0.01)).isEqualTo(1);
    assertThat(Pace.part(10, 0.3)).isEqualTo(3); // 10 · 0.3 is a little above 3 in binary
    assertThat(Pace.part(10, 0.31)).isEqualTo(4);
    assertThat(Pace.part(10, 1)).isEqualTo(10);
  }

  /** CartPole's usual numbers: 4 environments, 128 steps, 4 passes in minibatches of 128. */
  @Test
  void aRolloutIsTakenAsAWholeAtItsFirstStep() {
    Pace pace = Pace.of(512, 128, 1).rollout(4, 512 + 4);
    assertThat(pace.stepsPerEpoch()).isEqualTo(16);
    assertThat(pace.samples(15)).isEqualTo(128);
    assertThat(new long[] {pace.taken(0), pace.taken(1), pace.taken(15), pace.taken(16)})
        .containsExactly(512, 0, 0, 512);
    assertThat(pace.total(17)).isEqualTo(1024);
    assertThat(pace.acted(17)).isEqualTo(2 * 516);
    assertThat(pace.studied(17)).isEqualTo(17 * 128);
    assertThat(pace.stepsFor(512)).isEqualTo(16);
    assertThat(pace.stepsFor(513)).isEqualTo(32);
  }

  @Test
  void onePassWithoutActingIsPlainData() {
    Pace plain = Pace.of(10, 4, 1);
    assertThat(plain.rollout(1, 0)).isEqualTo(plain);
    assertThat(plain.taken(2)).isEqualTo(2);
    assertThat(plain.acted(7)).isZero();
  }

  @Test
  void refusesEmptyDataAndImpossibleSteps() {
    assertThatThrownBy(() -> new Pace(0, 1, 1)).hasMessageContaining("samples of an epoch = 0");
    assertThatThrownBy(() -> new Pace(5, 1, 2)).hasMessageContaining("samples of a step = 1");
    assertThatThrownBy(() -> Pace.of(5, 5, 1).rollout(0, 0)).hasMessageContaining("passes = 0");
    assertThatThrownBy(() -> Pace.of(5, 5, 1).rollout(1, -1)).hasMessageContaining("acting = -1");
    assertThatThrownBy(() -> Pace.of(5, 0, 1)).hasMessageContaining("batch-size = 0");
    assertThatThrownBy(() -> Pace.of(5, Integer.MAX_VALUE, Integer.MAX_VALUE).total(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }
}
