package lot4j.train;

import java.util.List;

/**
 * What one process learns from at one step: all of the step's batches, or where several processes
 * train together its own ones, of which it may have none.
 *
 * @param batches its own
 * @param shares what each of them weighs in the whole step; those of all processes sum to 1
 * @param samples of the whole step; 0 if there is nothing to learn
 * @param taken samples of the data that the whole step uses up, {@link Task#taken}
 */
public record Portion<B>(List<B> batches, List<Double> shares, long samples, long taken) {
  public Portion {
    batches = List.copyOf(batches);
    shares = List.copyOf(shares);
  }

  /** All of a step's batches. */
  public static <B> Portion<B> whole(Task<B> task, List<B> batches) {
    return of(task, batches, batches);
  }

  /**
   * Some of a step's batches, or parts of them.
   *
   * @param whole the whole step's
   * @param own this process's
   */
  static <B> Portion<B> of(Task<B> task, List<B> whole, List<B> own) {
    double all = whole.stream().mapToDouble(task::weight).sum();
    List<Double> shares =
        whole.size() == 1 && own == whole
            ? List.of(1.0)
            : own.stream().map(batch -> task.weight(batch) / all).toList();
    return new Portion<>(
        own,
        shares,
        whole.stream().mapToLong(task::samples).sum(),
        whole.stream().mapToLong(task::taken).sum());
  }

  /**
   * A step of which each of several processes has as much as any other, in batches of the same
   * sizes.
   *
   * @param own this process's batches
   * @param processes how many there are
   */
  public static <B> Portion<B> alike(Task<B> task, List<B> own, int processes) {
    Portion<B> alone = whole(task, own);
    return processes == 1
        ? alone
        : new Portion<>(
            own,
            alone.shares().stream().map(share -> share / processes).toList(),
            alone.samples() * processes,
            alone.taken() * processes);
  }

  /** Whether no process has anything to learn at this step. */
  public boolean nothing() {
    return samples == 0;
  }
}
