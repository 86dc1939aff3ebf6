package lot4j.stats;

import java.util.Arrays;

/**
 * One number of a method's runs on one or more tasks.
 *
 * <p>Those with a name here are the aggregates of Agarwal et al., "Deep Reinforcement Learning at
 * the Edge of the Statistical Precipice", NeurIPS 2021. With one task, mean and the mean of the
 * values are the same, and so is {@link #IQM} with {@link Iqm}; {@link #MEDIAN} is the median over
 * <em>tasks</em> of the mean over runs, so with one task it is the mean again.
 */
@FunctionalInterface
public interface Statistic {
  /** The mean over tasks of the mean over runs. */
  Statistic MEAN = scores -> Sample.of(means(scores)).mean().orElseThrow();

  /** The median over tasks of the mean over runs. */
  Statistic MEDIAN = scores -> Sample.of(means(scores)).median().orElseThrow();

  /** The mean without the lowest and the highest quarter of all scores together. */
  Statistic IQM = scores -> scores.iqm().orElseThrow();

  /** The number; every task has one run or more. */
  double of(Scores scores);

  /**
   * How far scores fall short of {@code target} on average, a run above it counting as if it were
   * there: 0 if every run reaches it. Lower is better; scores of which higher is better.
   *
   * <p>target − the mean over tasks and runs of min(score, target).
   */
  static Statistic optimalityGap(double target) {
    return scores ->
        target
            - scores.tasks().stream()
                .mapToDouble(
                    task ->
                        Arrays.stream(task.values())
                            .map(score -> Math.min(score, target))
                            .average()
                            .orElseThrow())
                .average()
                .orElseThrow();
  }

  private static double[] means(Scores scores) {
    return scores.tasks().stream().mapToDouble(task -> task.mean().orElseThrow()).toArray();
  }
}
