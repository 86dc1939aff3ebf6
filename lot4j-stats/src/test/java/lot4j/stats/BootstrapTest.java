package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void twoValuesGiveTheirOwnRange() {
    // Means of two draws from {0, 1}: 0 with 1/4, ½ with 1/2, 1 with 1/4; the quantiles 2.5 % and
    // 97.5 % are therefore the values themselves.
    assertThat(Bootstrap.standard().mean(Sample.of(0, 1))).hasValue(new Interval(0, 1));
  }

  @Test
  void agreesWithAnIndependentBootstrap() {
    // numpy, 2,000,000 resamples of these six values: 0.005 and 0.0266667; the means lie on a grid
    // of 1/600, so 10,000 resamples land within one step of it.
    Interval interval =
        Bootstrap.standard().mean(Sample.of(0.01, 0.02, -0.01, 0.03, 0.02, 0.03)).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.005, within(0.0017));
    assertThat(interval.high()).isCloseTo(0.0266667, within(0.0017));
  }

  @Test
  void isNarrowerAtALowerLevel() {
    Sample sample = Sample.of(1, 2, 3, 4, 5, 6, 7, 8);
    Interval wide = Bootstrap.standard().mean(sample).orElseThrow();
    Interval narrow = new Bootstrap(10_000, 1, 0.5).mean(sample).orElseThrow();
    assertThat(narrow.low()).isGreaterThan(wide.low());
    assertThat(narrow.high()).isLessThan(wide.high());
  }

  @Test
  void anotherSeedGivesOtherResamples() {
    Sample sample = Sample.of(1, 2.3, 3.1, 4.7, 5.9, 6.2, 7.7, 8.4);
    assertThat(new Bootstrap(10_000, 1, 0.95).mean(sample))
        .isNotEqualTo(new Bootstrap(10_000, 2, 0.95).mean(sample));
  }

  @Test
  void refusesTooFewResamples() {
    assertThatThrownBy(() -> new Bootstrap(9_999, 1, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resamples = 9999 is not allowed; 10000 or more");
  }

  @Test
  void refusesALevelOfOne() {
    assertThatThrownBy(() -> new Bootstrap(10_000, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("level = 1.0 is not allowed");
  }

  @Test
  void anIntervalRefusesEndsInTheWrongOrder() {
    assertThatThrownBy(() -> new Interval(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
