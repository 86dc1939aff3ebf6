package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers come from src/test/python/make_bootstrap_golden.py: every resample listed. */
class PerformanceProfileTest {
  private static final Scores SCORES =
      Scores.of(new double[][] {{.1, .2}, {.4, .3}, {.7, .9}, {1.1, 2.5}});
  private static final double[] THRESHOLDS = {3, 0, 0.35, 0.65, 0.95};
  private static final StratifiedBootstrap MANY = new StratifiedBootstrap(100_000, 7, 0.95);

  @Test
  void aggregatesAreThoseOfRliable() {
    assertThat(Statistic.MEAN.of(SCORES)).isCloseTo(0.775, within(1e-14));
    assertThat(Statistic.MEDIAN.of(SCORES)).isCloseTo(0.775, within(1e-14));
    assertThat(Statistic.IQM.of(SCORES)).isCloseTo(0.575, within(1e-14));
    assertThat(Statistic.optimalityGap(1).of(SCORES)).isCloseTo(0.425, within(1e-14));
  }

  @Test
  void medianIsOverTasksOfTheMeanOverRuns() {
    Scores three = new Scores(List.of(Sample.of(0, 2), Sample.of(9), Sample.of(3, 4, 5)));
    assertThat(Statistic.MEDIAN.of(three)).isEqualTo(4);
    assertThat(Statistic.MEAN.of(three)).isCloseTo(14 / 3.0, within(1e-14));
  }

  @Test
  void runProfileHasTheIntervalsOfAllResamples() {
    List<PerformanceProfile.Point> points =
        PerformanceProfile.ofRuns(SCORES, THRESHOLDS, MANY).points();
    assertThat(points)
        .extracting(PerformanceProfile.Point::threshold)
        .containsExactly(0.0, 0.35, 0.65, 0.95, 3.0);
    assertThat(points)
        .extracting(PerformanceProfile.Point::fraction)
        .containsExactly(1.0, 0.625, 0.5, 0.25, 0.0);
    assertThat(points)
        .extracting(point -> point.interval().orElseThrow())
        .containsExactly(
            new Interval(1, 1),
            new Interval(0.25, 0.875),
            new Interval(0.125, 0.875),
            new Interval(0, 0.625),
            new Interval(0, 0));
  }

  @Test
  void averageProfileHasTheIntervalsOfAllResamples() {
    List<PerformanceProfile.Point> points =
        PerformanceProfile.ofAverages(SCORES, THRESHOLDS, MANY).points();
    assertThat(points)
        .extracting(PerformanceProfile.Point::fraction)
        .containsExactly(1.0, 1.0, 0.5, 0.5, 0.0);
    assertThat(points)
        .extracting(point -> point.interval().orElseThrow())
        .containsExactly(
            new Interval(1, 1),
            new Interval(0.5, 1),
            new Interval(0, 1),
            new Interval(0, 0.5),
            new Interval(0, 0));
  }

  @Test
  void aRunAtTheThresholdIsNotAboveIt() {
    PerformanceProfile profile =
        PerformanceProfile.ofRuns(Scores.of(Sample.of(1, 2)), new double[] {1, 2}, MANY);
    assertThat(profile.points())
        .extracting(PerformanceProfile.Point::fraction)
        .containsExactly(0.5, 0.0);
  }

  @Test
  void tasksCountTheSameWhateverTheirNumberOfRuns() {
    Scores lost = new Scores(List.of(Sample.of(1), Sample.of(0, 0, 0, 1)));
    PerformanceProfile profile = PerformanceProfile.ofRuns(lost, new double[] {0.5}, MANY);
    assertThat(profile.points().get(0).fraction()).isEqualTo((1 + 0.25) / 2);
    assertThat(profile.points().get(0).interval()).isEmpty();
  }

  @Test
  void refusesATaskWithoutRunsAndAThresholdThatIsNone() {
    assertThatThrownBy(
            () -> PerformanceProfile.ofRuns(Scores.of(Sample.of()), new double[] {1}, MANY))
        .hasMessage("a task without runs is not allowed; 1 run or more");
    assertThatThrownBy(() -> PerformanceProfile.ofRuns(SCORES, new double[] {Double.NaN}, MANY))
        .hasMessageContaining("a finite number");
  }
}
