package lot4j.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which part of a method's runs, or tasks, score above a threshold, for every threshold.
 *
 * <p>A curve that lies above another everywhere belongs to a method that is better at every level,
 * not only on average. Bands are pointwise: each threshold has its own interval, the whole curve
 * leaves the band more often.
 *
 * <p>Source: Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical
 * Precipice", NeurIPS 2021, section 4.2 and appendix A.4; E. Dolan, J. Moré, 2002.
 *
 * @param points by ascending threshold
 */
public record PerformanceProfile(List<Point> points) {
  /** Keeps a copy of the points. */
  public PerformanceProfile {
    points = List.copyOf(points);
  }

  /**
   * The profile at one threshold.
   *
   * @param threshold τ
   * @param fraction part of runs or tasks with a score above τ, from 0 to 1
   * @param interval bootstrap interval of it; empty if a task has fewer than two runs
   */
  public record Point(double threshold, double fraction, Optional<Interval> interval) {}

  /**
   * The run-score distribution: the part of runs above each threshold, averaged over tasks.
   *
   * @param thresholds in any order
   * @throws IllegalArgumentException if a task has no run or a threshold is not finite
   */
  public static PerformanceProfile ofRuns(
      Scores scores, double[] thresholds, StratifiedBootstrap bootstrap) {
    return of(scores, thresholds, bootstrap, PerformanceProfile::runsAbove);
  }

  /**
   * The average-score distribution: the part of tasks whose mean over runs is above each threshold.
   *
   * <p>It hides the scatter of runs: with one task it is a step.
   *
   * @param thresholds in any order
   * @throws IllegalArgumentException if a task has no run or a threshold is not finite
   */
  public static PerformanceProfile ofAverages(
      Scores scores, double[] thresholds, StratifiedBootstrap bootstrap) {
    return of(scores, thresholds, bootstrap, PerformanceProfile::averagesAbove);
  }

  @FunctionalInterface
  private interface Above {
    double part(double[][] tasks, double threshold);
  }

  private static PerformanceProfile of(
      Scores scores, double[] thresholds, StratifiedBootstrap bootstrap, Above above) {
    if (scores.tasks().stream().anyMatch(task -> task.size() == 0)) {
      throw new IllegalArgumentException("a task without runs is not allowed; 1 run or more");
    }
    double[] sorted = Sample.of(thresholds).values(); // which refuses what is not finite
    double[][] tasks = scores.tasks().stream().map(Sample::values).toArray(double[][]::new);
    Optional<double[][]> drawn = bootstrap.replicates(scores, sorted, above::part);
    List<Point> points = new ArrayList<>();
    for (int t = 0; t < sorted.length; t++) {
      int place = t;
      points.add(
          new Point(
              sorted[t],
              above.part(tasks, sorted[t]),
              drawn.map(values -> Quantile.central(values[place], bootstrap.level()))));
    }
    return new PerformanceProfile(points);
  }

  private static double runsAbove(double[][] tasks, double threshold) {
    double sum = 0;
    for (double[] task : tasks) {
      int above = 0;
      for (double score : task) {
        above += score > threshold ? 1 : 0;
      }
      sum += (double) above / task.length;
    }
    return sum / tasks.length;
  }

  private static double averagesAbove(double[][] tasks, double threshold) {
    int above = 0;
    for (double[] task : tasks) {
      above += Arrays.stream(task).average().orElseThrow() > threshold ? 1 : 0;
    }
    return (double) above / tasks.length;
  }
}
