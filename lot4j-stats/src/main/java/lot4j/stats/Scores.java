package lot4j.stats;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The final scores of one method, runs × tasks.
 *
 * <p>Tasks may have different numbers of runs, because a run can be lost. Scores of several tasks
 * are pooled, so they must be of one scale: normalise returns of different environments first.
 *
 * @param tasks the runs' scores, one sample per task, one task or more
 */
public record Scores(List<Sample> tasks) {
  /**
   * Keeps a copy of the list.
   *
   * @throws IllegalArgumentException without a task
   */
  public Scores {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("tasks = 0 is not allowed; 1 or more");
    }
    tasks = List.copyOf(tasks);
  }

  /** The scores of a single task. */
  public static Scores of(Sample task) {
    return new Scores(List.of(task));
  }

  /**
   * The scores of a matrix {@code [run, task]}.
   *
   * @throws IllegalArgumentException without runs or tasks, if the rows differ in length, or if a
   *     score is not finite
   */
  public static Scores of(double[][] matrix) {
    if (matrix.length == 0 || Arrays.stream(matrix).anyMatch(r -> r.length != matrix[0].length)) {
      throw new IllegalArgumentException(
          "scores are not allowed; one row or more, each with one score per task");
    }
    Sample[] tasks = new Sample[matrix[0].length];
    for (int t = 0; t < tasks.length; t++) {
      int task = t;
      tasks[t] = Sample.of(Arrays.stream(matrix).mapToDouble(run -> run[task]).toArray());
    }
    return new Scores(Arrays.asList(tasks));
  }

  /** All scores together. */
  public Sample pooled() {
    return Sample.of(tasks.stream().flatMapToDouble(t -> Arrays.stream(t.values())).toArray());
  }

  /** The interquartile mean of all scores together; empty without scores. */
  public OptionalDouble iqm() {
    return Iqm.of(pooled());
  }
}
