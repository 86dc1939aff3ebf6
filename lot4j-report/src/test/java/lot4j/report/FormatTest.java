package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FormatTest {
  @Test
  void keepsSignificantDigits() {
    assertThat(Format.significant(71.7249, 4)).isEqualTo("71.72");
    assertThat(Format.significant(2, 3)).isEqualTo("2.00");
    assertThat(Format.significant(123456, 3)).isEqualTo("123000");
    assertThat(Format.significant(0.0123456, 3)).isEqualTo("0.0123");
    assertThat(Format.significant(-1.5e-7, 3)).isEqualTo("-1.50e-07");
    assertThat(Format.significant(9.999, 3)).isEqualTo("10.0");
    assertThat(Format.significant(0, 3)).isEqualTo("0");
  }

  @Test
  void largeNumbersGetPrefixes() {
    assertThat(Format.prefixed(3.412e12)).isEqualTo("3.41 T");
    assertThat(Format.prefixed(999)).isEqualTo("999");
    assertThat(Format.prefixed(999_700)).isEqualTo("1.00 M");
    assertThat(Format.tick(500_000)).isEqualTo("500 k");
    assertThat(Format.tick(1_500_000)).isEqualTo("1.5 M");
    assertThat(Format.tick(2e9)).isEqualTo("2 G");
  }

  @Test
  void durationsReadLikeClocks() {
    assertThat(Format.seconds(4.2)).isEqualTo("4.20");
    assertThat(Format.seconds(12_345.4)).isEqualTo("12,345");
    assertThat(Format.duration(4.2)).isEqualTo("4.20 s");
    assertThat(Format.duration(185)).isEqualTo("3 min 05 s");
    assertThat(Format.duration(7620)).isEqualTo("2 h 07 min");
  }

  @Test
  void accuraciesArePercentAndTheirDifferencesPoints() {
    Metric accuracy = new Metric("teacher/accuracy", "test", true);
    assertThat(accuracy.value(0.91234)).isEqualTo("91.23 %");
    assertThat(accuracy.difference(0.0123)).isEqualTo("+1.23");
    assertThat(accuracy.difference(-0.0123)).isEqualTo("-1.23");
    assertThat(accuracy.difference(-0.000001)).isEqualTo("0.00");
    assertThat(accuracy.words()).isEqualTo("test accuracy");
  }

  @Test
  void perplexitiesKeepTheirUnit() {
    Metric perplexity = new Metric("perplexity", "test", false);
    assertThat(perplexity.value(71.7249)).isEqualTo("71.72");
    assertThat(perplexity.difference(2.5)).isEqualTo("+2.50");
    assertThat(perplexity.differenceUnit()).isEmpty();
  }

  @Test
  void consecutiveSeedsAreARange() {
    assertThat(TextTable.seeds(List.of(0L, 1L, 2L))).isEqualTo("seeds 0 to 2");
    assertThat(TextTable.seeds(List.of(0L, 1L, 5L))).isEqualTo("seeds 0, 1, 5");
    assertThat(TextTable.seeds(List.of(7L))).isEqualTo("seed 7");
  }

  @Test
  void ticksAreRoundNumbersWithinTheScale() {
    Scale scale = new Scale(-0.9, 2.3, 0, 100);
    assertThat(scale.ticks(6)).containsExactly(-0.5, 0.0, 0.5, 1.0, 1.5, 2.0);
    assertThat(scale.label(0.5, 6)).isEqualTo("0.5");
    assertThat(scale.label(0, 6)).isEqualTo("0");
    assertThat(scale.at(-0.9)).isZero();
    assertThat(scale.at(2.3)).isEqualTo(100);
  }
}
