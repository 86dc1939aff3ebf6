package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HorizonTest {
  /** The steps at which something that happens every so often falls, as the loop finds them. */
  private static List<Long> falls(Horizon horizon, double every) {
    List<Long> falls = new ArrayList<>();
    long seen = 0;
    for (long step = 1; step <= horizon.updates(); step++) {
      long reached = horizon.reached(every, step, 0);
      if (reached > seen) {
        falls.add(step);
        seen = reached;
      }
    }
    return falls;
  }

  @Test
  void everyUnitFallsOnItsLastStep() {
    Horizon horizon = Horizon.ofSteps(3, 30, 1, 1);
    assertThat(falls(horizon, 1)).containsExactly(10L, 20L, 30L);
    assertThat(falls(horizon, 0.5)).containsExactly(5L, 10L, 15L, 20L, 25L, 30L);
    assertThat(falls(horizon, 2)).containsExactly(20L);
    assertThat(falls(horizon, 7)).isEmpty();
  }

  @Test
  void fractionsOfAUnitFallOnTheNearestStep() {
    Horizon horizon = Horizon.ofSteps(3, 7, 1, 1); // 2.33 steps a unit
    assertThat(falls(horizon, 1)).containsExactly(2L, 5L, 7L);
  }

  @Test
  void anIntervalShorterThanAStepFallsOnEveryStep() {
    Horizon horizon = Horizon.ofSteps(1, 4, 1, 1);
    assertThat(falls(horizon, 0.01)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(horizon.reached(0.01, 0, 0)).isZero();
  }

  @Test
  void aStretchedRunHasAsManyEvaluations() {
    for (long updates = 30; updates < 200; updates += 7) {
      Horizon own = Horizon.ofSteps(30, 30, 3, 3);
      Horizon stretched = Horizon.ofSteps(30, updates, 3, 3);
      assertThat(falls(stretched, 3)).hasSameSizeAs(falls(own, 3));
      assertThat(falls(stretched, 3).get(9)).isEqualTo(updates);
    }
  }

  @Test
  void whatWasReachedDoesNotDependOnWhetherOneAskedBefore() {
    Horizon horizon = Horizon.ofSteps(10, 73, 1, 1);
    for (double every : new double[] {0.1, 0.37, 1, 2.5}) {
      long before = 0;
      for (long step = 0; step <= 73; step++) {
        long reached = horizon.reached(every, step, 0);
        assertThat(reached).isGreaterThanOrEqualTo(before);
        before = reached;
      }
    }
  }

  @Test
  void aRunOfStepsEndsWithThem() {
    Horizon horizon = Horizon.ofSteps(2, 20, 1, 1);
    assertThat(horizon.over(19, 1e9)).isFalse();
    assertThat(horizon.over(20, 0)).isTrue();
    assertThat(horizon.scheduleStep(13, 1e9)).isEqualTo(13);
    assertThat(horizon.position(10, 0)).isEqualTo(1);
  }

  @Test
  void aRunOfMinutesGoesByTheClock() {
    Horizon horizon = Horizon.ofMinutes(0.5, 0.1, 0.25);
    assertThat(horizon.over(1_000_000, 29.9)).isFalse();
    assertThat(horizon.over(1, 30)).isTrue();
    assertThat(horizon.scheduleStep(1, 0)).isZero();
    assertThat(horizon.scheduleStep(1, 15)).isEqualTo(2500);
    assertThat(horizon.scheduleStep(1, 60)).isEqualTo(horizon.updates() - 1);
    assertThat(horizon.reached(0.1, 5, 14)).isEqualTo(2);
    assertThat(horizon.reached(0.25, 5, 15)).isEqualTo(1);
  }
}
