package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PairedTestTest {
  private static final Map<Long, Double> A = bySeed(0.91, 0.93, 0.90, 0.95, 0.92, 0.94);
  private static final Map<Long, Double> B = bySeed(0.90, 0.91, 0.91, 0.92, 0.90, 0.91);

  @Test
  void differenceAndStudentIntervalOfKnownNumbers() {
    // Differences .01 .02 −.01 .03 .02 .03: mean .1/6, s .0150555. scipy.stats.t.interval(.95, 5,
    // mean, s/√6) = (0.00086693766, 0.03246639568).
    PairedTest test = PairedTest.of(A, B);
    assertThat(test.n()).isEqualTo(6);
    assertThat(test.difference().orElseThrow()).isCloseTo(0.1 / 6, within(1e-12));
    assertThat(test.studentT().orElseThrow().low()).isCloseTo(0.00086693766, within(1e-10));
    assertThat(test.studentT().orElseThrow().high()).isCloseTo(0.03246639568, within(1e-10));
    assertThat(test.resolved()).isTrue();
  }

  @Test
  void studentIntervalOfTwoPairs() {
    // Differences 1 and 2: 1.5 ± 12.7062 · √½ / √2; scipy: (−4.8531, 7.8531).
    PairedTest test = PairedTest.of(bySeed(1, 2), bySeed(0, 0));
    assertThat(test.studentT().orElseThrow().low()).isCloseTo(-4.853102368, within(1e-8));
    assertThat(test.bootstrap()).hasValue(new Interval(1, 2));
  }

  @Test
  void usesOnlySeedsOfBothSides() {
    PairedTest test =
        PairedTest.of(Map.of(0L, 1.0, 1L, 2.0, 7L, 50.0), Map.of(1L, 1.0, 0L, 0.5, 9L, -50.0));
    assertThat(test.n()).isEqualTo(2);
    assertThat(test.difference()).hasValue(0.75);
  }

  @Test
  void nothingInCommonHasNoDifference() {
    PairedTest test = PairedTest.of(Map.of(0L, 1.0), Map.of(1L, 1.0));
    assertThat(test.n()).isZero();
    assertThat(test.difference()).isEmpty();
    assertThat(test.bootstrap()).isEmpty();
    assertThat(test.resolved()).isFalse();
  }

  @Test
  void onePairHasADifferenceButNoInterval() {
    PairedTest test = PairedTest.of(Map.of(0L, 1.0), Map.of(0L, 0.25));
    assertThat(test.difference()).hasValue(0.75);
    assertThat(test.bootstrap()).isEmpty();
    assertThat(test.studentT()).isEmpty();
    assertThat(test.resolved()).isFalse();
  }

  @Test
  void fourPairsResolveNothing() {
    assertThat(PairedTest.of(bySeed(1, 1, 1, 1), bySeed(0, 0, 0, 0)).resolved()).isFalse();
    assertThat(PairedTest.of(bySeed(1, 1, 1, 1, 1), bySeed(0, 0, 0, 0, 0)).resolved()).isTrue();
  }

  @Test
  void equalMethodsAreNotResolved() {
    PairedTest test = PairedTest.of(A, A);
    assertThat(test.difference()).hasValue(0);
    assertThat(test.studentT()).hasValue(new Interval(0, 0));
    assertThat(test.resolved()).isFalse();
  }

  @Test
  void bothIntervalsMustExcludeZero() {
    // Differences .1 .2 .5 1 3: all above 0, so every resample is; mean .96, s 1.1971, and t gives
    // .96 ± 2.776 · 1.1971 / √5 = .96 ± 1.49.
    PairedTest close = PairedTest.of(bySeed(0.2, 1, 3, 0.5, 0.1), bySeed(0, 0, 0, 0, 0));
    assertThat(close.bootstrap().orElseThrow().contains(0)).isFalse();
    assertThat(close.studentT().orElseThrow().contains(0)).isTrue();
    assertThat(close.resolved()).isFalse();
  }

  @Test
  void probabilityCountsPairsOfValuesAndHalvesTies() {
    // scipy.stats.mannwhitneyu(a, b).statistic / 36 = 28 / 36
    Sample a = Sample.of(A.values());
    Sample b = Sample.of(B.values());
    assertThat(ProbabilityOfImprovement.of(a, b, true).orElseThrow())
        .isCloseTo(28 / 36.0, within(1e-12));
    assertThat(ProbabilityOfImprovement.of(a, b, false).orElseThrow())
        .isCloseTo(8 / 36.0, within(1e-12));
    assertThat(ProbabilityOfImprovement.of(a, a, true)).hasValue(0.5);
    assertThat(ProbabilityOfImprovement.of(a, Sample.of(), true)).isEmpty();
  }

  private static Map<Long, Double> bySeed(double... values) {
    Map<Long, Double> map = new TreeMap<>();
    for (int seed = 0; seed < values.length; seed++) {
      map.put((long) seed, values[seed]);
    }
    return map;
  }
}
