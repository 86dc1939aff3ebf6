package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The numbers come from src/test/python/make_rl_statistics_golden.py: every resample listed. */
class StratifiedBootstrapTest {
  private static final StratifiedBootstrap MANY = new StratifiedBootstrap(400_000, 7, 0.95);
  private static final Sample ONE = Sample.of(3, 5.5, 9, 21, 34.5, 60);
  private static final double[][] TWO = {{0.1, 0.2}, {0.4, 0.3}, {0.7, 0.9}, {1.1, 2.5}};

  @Test
  void iqmOfOneTaskHasTheIntervalOfAllItsResamples() {
    assertThat(Scores.of(ONE).iqm()).hasValue(17.5);
    Interval interval = MANY.iqm(Scores.of(ONE)).orElseThrow();
    assertThat(interval.low()).isCloseTo(5.125, within(0.13));
    assertThat(interval.high()).isCloseTo(40.875, within(0.13));
  }

  @Test
  void iqmOfTwoTasksPoolsThemAndResamplesEachByItself() {
    Scores scores = Scores.of(TWO);
    assertThat(scores.iqm().orElseThrow()).isCloseTo(0.575, within(1e-15));
    Interval interval = MANY.iqm(scores).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.25, within(1e-12));
    assertThat(interval.high()).isCloseTo(1.225, within(0.01));
  }

  @Test
  void strataAreNeverMixed() {
    // Every resample holds two runs of each task, and the trimmed mean one of each.
    Scores scores = Scores.of(new double[][] {{0, 10}, {0, 10}});
    assertThat(StratifiedBootstrap.standard().iqm(scores)).hasValue(new Interval(5, 5));
  }

  @Test
  void probabilityOfImprovementHasTheIntervalOfAllItsResamples() {
    Scores a = Scores.of(Sample.of(12, 30, 31, 55));
    Scores b = Scores.of(Sample.of(10, 30, 40, 42));
    assertThat(ProbabilityOfImprovement.of(a, b, true)).hasValue(0.53125);
    Interval interval = MANY.probabilityOfImprovement(a, b, true).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.0625, within(0.032));
    assertThat(interval.high()).isCloseTo(0.90625, within(0.032));
  }

  @Test
  void probabilityOfImprovementIsAveragedOverTasks() {
    Scores a = new Scores(List.of(Sample.of(7, 8, 3), Sample.of(1, 4, 6)));
    Scores b = new Scores(List.of(Sample.of(1, 7.5, 2), Sample.of(2, 3, 5)));
    assertThat(ProbabilityOfImprovement.of(a, b, true).orElseThrow())
        .isCloseTo(2 / 3.0, within(1e-15));
    Interval interval = MANY.probabilityOfImprovement(a, b, true).orElseThrow();
    assertThat(interval.low()).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(interval.high()).isCloseTo(1, within(1e-9));
  }

  @Test
  void lowerIsBetterTurnsTheProbabilityRound() {
    Scores a = Scores.of(Sample.of(1, 2));
    Scores b = Scores.of(Sample.of(3, 4));
    StratifiedBootstrap bootstrap = StratifiedBootstrap.standard();
    assertThat(bootstrap.probabilityOfImprovement(a, b, true)).hasValue(new Interval(0, 0));
    assertThat(bootstrap.probabilityOfImprovement(a, b, false)).hasValue(new Interval(1, 1));
  }

  @Test
  void equalScoresHaveAnIntervalWithoutWidth() {
    assertThat(StratifiedBootstrap.standard().iqm(Scores.of(Sample.of(0.1, 0.1, 0.1, 0.1, 0.1))))
        .hasValue(new Interval(0.1, 0.1));
  }

  @Test
  void oneRunHasNoInterval() {
    Scores few = new Scores(List.of(Sample.of(1, 2), Sample.of(3)));
    assertThat(StratifiedBootstrap.standard().iqm(few)).isEmpty();
    assertThat(StratifiedBootstrap.standard().probabilityOfImprovement(few, few, true)).isEmpty();
  }

  @Test
  void theSeedDecidesTheInterval() {
    double[] roots = IntStream.rangeClosed(1, 12).mapToDouble(Math::sqrt).toArray();
    Scores scores = Scores.of(Sample.of(roots));
    assertThat(new StratifiedBootstrap(10_000, 1, 0.95).iqm(scores))
        .isEqualTo(new StratifiedBootstrap(10_000, 1, 0.95).iqm(scores))
        .isNotEqualTo(new StratifiedBootstrap(10_000, 2, 0.95).iqm(scores));
  }

  @Test
  void refusesWhatIsNoMatrix() {
    assertThatThrownBy(() -> Scores.of(new double[][] {{1, 2}, {3}}))
        .hasMessageContaining("each with one score per task");
    assertThatThrownBy(() -> new Scores(List.of())).hasMessageContaining("1 or more");
    assertThatThrownBy(() -> MANY.probabilityOfImprovement(Scores.of(TWO), Scores.of(ONE), true))
        .hasMessage("tasks = 2 and 1 is not allowed; the same tasks on both sides");
    assertThatThrownBy(() -> new StratifiedBootstrap(9_999, 1, 0.95))
        .hasMessageContaining("10000 or more");
  }
}
