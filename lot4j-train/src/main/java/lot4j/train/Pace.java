package lot4j.train;

import lot4j.Require;

/**
 * How many samples each step of a stream takes. An epoch is the data set once; its last step takes
 * what is left.
 *
 * @param epoch samples an epoch, 1 or more
 * @param step samples a full step, 1 or more
 * @param batch samples computed at a time: {@code step}, or less when gradients are accumulated
 * @param columns of a text, each with the same number of the batch's samples, which are tokens; 0
 *     where every sample stands alone
 */
public record Pace(long epoch, long step, long batch, int columns) {
  public Pace {
    Require.atLeast("columns", columns, 0);
    Require.atLeast("samples of an epoch", epoch, 1L);
    Require.atLeast("batch-size", batch, 1L);
    Require.that(step >= batch, "samples of a step", step, "a batch's or more");
  }

  /** Samples that stand alone. */
  public Pace(long epoch, long step, long batch) {
    this(epoch, step, batch, 0);
  }

  /** Steps of {@code accumulate} batches of {@code batchSize} samples. */
  public static Pace of(long epoch, int batchSize, int accumulate) {
    return new Pace(epoch, Math.multiplyExact((long) batchSize, accumulate), batchSize);
  }

  /** Steps an epoch, the short last one included. */
  public long stepsPerEpoch() {
    return (epoch + step - 1) / step;
  }

  /** Samples of the step numbered {@code index} from 0. */
  public long samples(long index) {
    long within = index % stepsPerEpoch();
    return Math.min(step, epoch - within * step);
  }

  /** Samples of a step of which each batch gives a fraction. */
  public long samples(long index, double fraction) {
    long samples = samples(index);
    long last = samples % batch;
    return samples / batch * cut(batch, fraction) + (last > 0 ? cut(last, fraction) : 0);
  }

  /** Samples of the first {@code steps} steps. */
  public long total(long steps) {
    long epochs = steps / stepsPerEpoch();
    long rest = steps % stepsPerEpoch();
    return Math.addExact(Math.multiplyExact(epochs, epoch), Math.min(rest * step, epoch));
  }

  /** The fewest steps that take {@code samples} or more. */
  public long stepsFor(long samples) {
    long epochs = samples / epoch;
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
