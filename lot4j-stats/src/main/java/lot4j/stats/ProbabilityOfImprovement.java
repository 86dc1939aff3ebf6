package lot4j.stats;

import java.util.OptionalDouble;

/**
 * How often a value of a is better than a value of b, over all pairs of values; ties count ½.
 *
 * <p>Mann and Whitney's U divided by the number of pairs. Source: Agarwal et al., "Deep
 * Reinforcement Learning at the Edge of the Statistical Precipice", NeurIPS 2021, section 4.3.
 */
public final class ProbabilityOfImprovement {
  private ProbabilityOfImprovement() {}

  /**
   * P(a better than b), from 0 to 1; empty if a side has no values.
   *
   * @param higherIsBetter false for losses and perplexities
   */
  public static OptionalDouble of(Sample a, Sample b, boolean higherIsBetter) {
    if (a.size() == 0 || b.size() == 0) {
      return OptionalDouble.empty();
    }
    long sum = 0;
    for (int[] row : twiceWins(a, b, higherIsBetter)) {
      for (int twice : row) {
        sum += twice;
      }
    }
    return OptionalDouble.of(sum / (2.0 * a.size() * b.size()));
  }

  /**
   * P(a better than b) within each task, averaged over tasks; empty if a task lacks a side.
   *
   * @param higherIsBetter false for losses and perplexities
   * @throws IllegalArgumentException if the sides have different numbers of tasks
   */
  public static OptionalDouble of(Scores a, Scores b, boolean higherIsBetter) {
    requireSameTasks(a, b);
    double sum = 0;
    for (int t = 0; t < a.tasks().size(); t++) {
      OptionalDouble task = of(a.tasks().get(t), b.tasks().get(t), higherIsBetter);
      if (task.isEmpty()) {
        return task;
      }
      sum += task.getAsDouble();
    }
    return OptionalDouble.of(sum / a.tasks().size());
  }

  static void requireSameTasks(Scores a, Scores b) {
    if (a.tasks().size() != b.tasks().size()) {
      throw new IllegalArgumentException(
          "tasks = "
              + a.tasks().size()
              + " and "
              + b.tasks().size()
              + " is not allowed; the same tasks on both sides");
    }
  }

  /** {@code [run of a, run of b]}: 2 where a wins, 1 for a tie, 0 where b wins. */
  static int[][] twiceWins(Sample a, Sample b, boolean higherIsBetter) {
    double[] values = a.values();
    double[] others = b.values();
    int[][] twice = new int[values.length][others.length];
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < others.length; j++) {
        int order = values[i] == others[j] ? 0 : values[i] > others[j] ? 1 : -1;
        twice[i][j] = 1 + (higherIsBetter ? order : -order);
      }
    }
    return twice;
  }
}
