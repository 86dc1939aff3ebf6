package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers come from src/test/python/make_bootstrap_golden.py. */
class BcaTest {
  private static final Bootstrap MANY = new Bootstrap(200_000, 7, 0.95);
  private static final StratifiedBootstrap STRATIFIED = new StratifiedBootstrap(200_000, 7, 0.95);

  @Test
  void agreesWithScipyOnNearlySymmetricValues() {
    Interval interval =
        MANY.bcaMean(Sample.of(.4, -1.1, 2.3, .7, 0, 1.9, .7, -.2, 1.4, 3.1)).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.21, within(0.011));
    assertThat(interval.high()).isCloseTo(1.7, within(0.011));
  }

  @Test
  void agreesWithScipyOnSkewedValuesAndLiesHigherThanThePercentiles() {
    Sample skewed = Sample.of(.1, .2, .3, .35, .5, .8, 1.6, 4);
    Interval interval = MANY.bcaMean(skewed).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.4125, within(0.007));
    assertThat(interval.high()).isCloseTo(2.4, within(0.02));
    Interval percentile = MANY.mean(skewed).orElseThrow();
    assertThat(percentile.low()).isCloseTo(0.31875, within(0.007));
    assertThat(percentile.high()).isCloseTo(1.925, within(0.02));
  }

  @Test
  void agreesWithScipyOnTheIqmOfTwoTasks() {
    Scores scores =
        new Scores(List.of(Sample.of(.1, .4, .7, 1.1, .35), Sample.of(.2, .3, .9, 2.5, .05)));
    Interval interval = STRATIFIED.bca(scores, Statistic.IQM).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.225, within(0.01));
    assertThat(interval.high()).isCloseTo(1.0167, within(0.02));
    // Percentiles by this way are those of the faster one.
    assertThat(StratifiedBootstrap.standard().percentile(scores, Statistic.IQM).orElseThrow().low())
        .isCloseTo(StratifiedBootstrap.standard().iqm(scores).orElseThrow().low(), within(1e-12));
  }

  @Test
  void oneTaskIsTheOrdinaryOne() {
    Sample skewed = Sample.of(.1, .2, .3, .35, .5, .8, 1.6, 4);
    Interval interval = STRATIFIED.bca(Scores.of(skewed), Statistic.MEAN).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.4125, within(0.007));
    assertThat(interval.high()).isCloseTo(2.4, within(0.02));
  }

  @Test
  void equalValuesHaveAnIntervalWithoutWidth() {
    assertThat(Bootstrap.standard().bcaMean(Sample.of(3, 3, 3))).hasValue(new Interval(3, 3));
    assertThat(Bootstrap.standard().bcaMean(Sample.of(3))).isEmpty();
  }

  @Test
  void aStatisticThatNeverMovesIsItsOwnInterval() {
    assertThat(
            StratifiedBootstrap.standard()
                .bca(Scores.of(Sample.of(4, 5, 6)), Statistic.optimalityGap(1)))
        .hasValue(new Interval(0, 0));
  }
}
