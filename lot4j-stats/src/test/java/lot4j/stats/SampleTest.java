package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {
  // numpy: median 4.5, std(ddof=1) 34.0; mean 128 / 8 = 16; without {1, 2} and {7, 100}: 18 / 4
  private static final Sample EIGHT = Sample.of(100, 7, 6, 5, 4, 3, 2, 1);

  @Test
  void meanMedianAndDeviationOfKnownNumbers() {
    assertThat(EIGHT.mean()).hasValue(16);
    assertThat(EIGHT.median()).hasValue(4.5);
    assertThat(EIGHT.standardDeviation().orElseThrow()).isCloseTo(34, within(1e-12));
    assertThat(EIGHT.minimum()).hasValue(1);
    assertThat(EIGHT.maximum()).hasValue(100);
  }

  @Test
  void medianOfAnOddNumberIsTheMiddleValue() {
    assertThat(Sample.of(9, 1, 7).median()).hasValue(7);
  }

  @Test
  void iqmDropsAQuarterAtEachEnd() {
    assertThat(Iqm.of(EIGHT)).hasValue(4.5);
    // ⌊8/4⌋ = 2: (0 + 1 + 2 + 10) / 4; dropping one at each end would give 33 / 6
    assertThat(Iqm.of(Sample.of(0, 0, 0, 1, 2, 10, 20, 30))).hasValue(3.25);
  }

  @Test
  void iqmOfFiveDropsOneAtEachEnd() {
    // ⌊5/4⌋ = 1: (3 + 7 + 9) / 3
    assertThat(Iqm.of(Sample.of(9, 1, 7, 3, 50)).orElseThrow()).isCloseTo(19 / 3.0, within(1e-12));
  }

  @Test
  void iqmOfThreeIsTheMean() {
    assertThat(Iqm.of(Sample.of(0, 3, 9))).hasValue(4);
  }

  @Test
  void nothingHasNoStatistics() {
    Sample none = Sample.of();
    assertThat(none.mean()).isEmpty();
    assertThat(none.median()).isEmpty();
    assertThat(none.minimum()).isEmpty();
    assertThat(none.maximum()).isEmpty();
    assertThat(Iqm.of(none)).isEmpty();
    assertThat(Bootstrap.standard().mean(none)).isEmpty();
  }

  @Test
  void oneValueHasAMeanButNoSpread() {
    Sample one = Sample.of(0.5);
    assertThat(one.mean()).hasValue(0.5);
    assertThat(Iqm.of(one)).hasValue(0.5);
    assertThat(one.standardDeviation()).isEmpty();
    assertThat(Bootstrap.standard().mean(one)).isEmpty();
  }

  @Test
  void equalValuesHaveThatMeanExactly() {
    assertThat(Sample.of(0.1, 0.1, 0.1).mean()).hasValue(0.1);
    assertThat(Sample.of(0.1, 0.1, 0.1).standardDeviation()).hasValue(0);
    assertThat(Bootstrap.standard().mean(Sample.of(0.1, 0.1, 0.1)))
        .hasValue(new Interval(0.1, 0.1));
  }

  @Test
  void rejectsNumbersThatAreNotFinite() {
    assertThatThrownBy(() -> Sample.of(List.of(1.0, Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sample value = NaN is not allowed; a finite number");
  }

  @Test
  void keepsItsOwnCopyOfTheValues() {
    double[] values = {2, 1};
    Sample sample = Sample.of(values);
    values[0] = 50;
    sample.values()[0] = 50;
    assertThat(sample.values()).containsExactly(1, 2);
  }
}
