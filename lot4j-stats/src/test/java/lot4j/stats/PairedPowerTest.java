package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The numbers come from src/test/python/make_tests_golden.py. */
class PairedPowerTest {
  private static final PairedPower USUAL = new PairedPower(0.8);

  @Test
  void noncentralTAgreesWithIntegrationOfItsDefinition() {
    assertThat(cumulative(2, 4, 1.5)).isCloseTo(0.6189289251396547, within(1e-10));
    assertThat(cumulative(-1, 7, 0.5)).isCloseTo(0.07810220220087773, within(1e-10));
    assertThat(cumulative(0, 3, 2)).isCloseTo(0.022750131948179198, within(1e-10));
    assertThat(cumulative(12, 2, 9)).isCloseTo(0.5702438619780823, within(1e-10));
    assertThat(cumulative(30, 19, 28)).isCloseTo(0.6182332333645214, within(1e-10));
    assertThat(cumulative(1.5, 1, -2)).isCloseTo(0.9956776030437379, within(1e-10));
    // Without noncentrality it is Student's: P(T ≤ 2.0150483726691575) = 0.95 at 5.
    assertThat(cumulative(2.0150483726691575, 5, 0)).isCloseTo(0.95, within(1e-10));
  }

  @Test
  void powerOfKnownCases() {
    assertThat(PairedPower.of(5, 1)).isCloseTo(0.4013899173717953, within(1e-9));
    assertThat(PairedPower.of(10, -0.5)).isCloseTo(0.29317560651407687, within(1e-9));
    assertThat(PairedPower.of(34, 0.5)).isCloseTo(0.8077775012792737, within(1e-9));
    assertThat(PairedPower.of(3, 4)).isCloseTo(0.9084887436810317, within(1e-9));
    assertThat(PairedPower.of(2, 1)).isCloseTo(0.09280915505633609, within(1e-9));
    assertThat(PairedPower.of(7, 0)).isCloseTo(0.05, within(1e-9));
    assertThat(PairedPower.of(4, 1e6)).isCloseTo(1, within(1e-9));
  }

  @Test
  void seedsAreThoseOfPublishedTables() {
    // Cohen's small, medium and large effect at power 0.8: 199, 34, 15 (as G*Power gives them).
    assertThat(USUAL.seeds(0.2, 1)).hasValue(199);
    assertThat(USUAL.seeds(0.5, 1)).hasValue(34);
    assertThat(USUAL.seeds(-0.8, 1)).hasValue(15);
    assertThat(new PairedPower(0.9).seeds(0.01, 0.02)).hasValue(44);
    assertThat(USUAL.seeds(1, 1)).hasValue(10);
    assertThat(USUAL.seeds(5, 1)).hasValue(3);
    assertThat(USUAL.seeds(0.05, 1)).hasValue(3142);
  }

  @Test
  void withoutScatterTwoSeedsDoAndForNothingNoNumberDoes() {
    assertThat(USUAL.seeds(0.1, 0)).hasValue(2);
    assertThat(USUAL.seeds(1e-4, 1)).isEmpty();
  }

  @Test
  void smallestDifferenceThatSeedsSee() {
    assertThat(USUAL.smallestDifference(3, 1)).isCloseTo(3.2640435496996965, within(1e-7));
    assertThat(USUAL.smallestDifference(5, 0.5)).isCloseTo(1.6819969659555551 / 2, within(1e-7));
    assertThat(USUAL.smallestDifference(20, 1)).isCloseTo(0.66044165462304, within(1e-7));
    assertThat(USUAL.smallestDifference(20, 0)).isZero();
  }

  @Test
  void fewSeedsKnowTheirScatterPoorly() {
    Interval three = StandardDeviation.interval(Sample.of(-1, 0, 1)).orElseThrow();
    assertThat(three.low()).isCloseTo(0.52065827, within(1e-7));
    assertThat(three.high()).isCloseTo(6.2847347, within(1e-5));
    assertThat(StandardDeviation.interval(Sample.of(1))).isEmpty();
  }

  @Test
  void refusesWhatHasNoAnswer() {
    assertThatThrownBy(() -> new PairedPower(1))
        .hasMessage("power = 1.0 is not allowed; above 0.05 and below 1");
    assertThatThrownBy(() -> USUAL.seeds(0, 1)).hasMessageContaining("is not allowed");
    assertThatThrownBy(() -> PairedPower.of(1, 1))
        .hasMessage("seeds = 1 is not allowed; 2 or more");
  }

  private static double cumulative(double t, double freedom, double delta) {
    return new NoncentralT(freedom, delta).cumulative(t);
  }
}
