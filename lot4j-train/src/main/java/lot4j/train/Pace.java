package lot4j.train;

import lot4j.Require;

/**
 * How many samples each step of a stream takes. An epoch is the data set once; its last step takes
 * what is left. In reinforcement learning an epoch is one rollout, which the teacher makes at its
 * beginning and then passes over several times.
 *
 * @param epoch samples an epoch, 1 or more
 * @param step samples a full step, 1 or more
 * @param batch samples computed at a time: {@code step}, or less when gradients are accumulated
 * @param columns of a text, each with the same number of the batch's samples, which are tokens; 0
 *     where every sample stands alone
 * @param passes how often an epoch uses each of its samples, 1 or more
 * @param acting samples that the teacher answers at the beginning of each epoch to make its data; 0
 *     where the data is there already
 */
public record Pace(long epoch, long step, long batch, int columns, int passes, long acting) {
  public Pace {
    Require.atLeast("passes", passes, 1);
    Require.atLeast("acting", acting, 0L);
    Require.atLeast("columns", columns, 0);
    Require.atLeast("samples of an epoch", epoch, 1L);
    Require.atLeast("batch-size", batch, 1L);
    Require.that(step >= batch, "samples of a step", step, "a batch's or more");
  }

  /** Data that is there already and used once an epoch. */
  public Pace(long epoch, long step, long batch, int columns) {
    this(epoch, step, batch, columns, 1, 0);
  }

  /** Samples that stand alone. */
  public Pace(long epoch, long step, long batch) {
    this(epoch, step, batch, 0);
  }

  /** Steps of {@code accumulate} batches of {@code batchSize} samples. */
  public static Pace of(long epoch, int batchSize, int accumulate) {
    return new Pace(epoch, Math.multiplyExact((long) batchSize, accumulate), batchSize);
  }

  /** The same samples used {@code passes} times, after {@code acting} answers to make them. */
  public Pace rollout(int passes, long acting) {
    return new Pace(epoch, step, batch, columns, passes, acting);
  }

  /** Steps an epoch, all passes together, the short last one of each included. */
  public long stepsPerEpoch() {
    return Math.multiplyExact(passes, stepsPerPass());
  }

  private long stepsPerPass() {
    return (epoch + step - 1) / step;
  }

  /** Samples of the step numbered {@code index} from 0. */
  public long samples(long index) {
    long within = index % stepsPerPass();
    return Math.min(step, epoch - within * step);
  }

  /** Samples of a step of which each batch gives a fraction. */
  public long samples(long index, double fraction) {
    return fraction(samples(index), fraction);
  }

  /** The same of a step of so many samples. */
  public long fraction(long samples, double fraction) {
    long last = samples % batch;
    return samples / batch * cut(batch, fraction) + (last > 0 ? cut(last, fraction) : 0);
  }

  /**
   * Samples of the data that the step numbered {@code index} uses up: those that it learns from, or
   * where an epoch is made first, the whole epoch at its first step and then none.
   */
  public long taken(long index) {
    if (!made()) {
      return samples(index);
    }
    return index % stepsPerEpoch() == 0 ? epoch : 0;
  }

  /** Samples of the data that the first {@code steps} steps use up. */
  public long total(long steps) {
    return made() ? Math.multiplyExact(begun(steps), epoch) : studied(steps);
  }

  /** Samples that the first {@code steps} steps learn from, each as often as it is passed over. */
  public long studied(long steps) {
    long whole = steps / stepsPerPass();
    long rest = steps % stepsPerPass();
    return Math.addExact(Math.multiplyExact(whole, epoch), Math.min(rest * step, epoch));
  }

  /** Samples that the teacher answers during the first {@code steps} steps to make its data. */
  public long acted(long steps) {
    return acting == 0 ? 0 : Math.multiplyExact(begun(steps), acting);
  }

  /** Whether the data of an epoch is there as a whole at its first step, and used up by it. */
  private boolean made() {
    return passes > 1 || acting > 0;
  }

  /** Epochs that {@code steps} steps begin. */
  private long begun(long steps) {
    return steps / stepsPerEpoch() + (steps % stepsPerEpoch() > 0 ? 1 : 0);
  }

  /**
   * The fewest steps that take {@code samples} or more; whole epochs where an epoch is made at its
   * first step, for what was made is to be learnt from.
   */
  public long stepsFor(long samples) {
    long epochs = samples / epoch;
    if (made()) {
      return Math.multiplyExact(epochs + (samples % epoch > 0 ? 1 : 0), stepsPerEpoch());
    }
    long rest = samples % epoch;
    return Math.addExact(Math.multiplyExact(epochs, stepsPerEpoch()), (rest + step - 1) / step);
  }

  /** A fraction of a batch: of a text, of its columns. */
  private long cut(long samples, double fraction) {
    return columns == 0
        ? part(samples, fraction)
        : samples / columns * part((long) columns, fraction);
  }

  /** How many of {@code samples} a fraction of them is: rounded up, at least 1. */
  public static long part(long samples, double fraction) {
    return fraction == 1 ? samples : Math.max(1, (long) Math.ceil(samples * fraction - 1e-9));
  }
}
