package lot4j.stats;

import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalDouble;

/**
 * Finite numbers, one per seed, in ascending order.
 *
 * <p>Sorting on entry makes every statistic independent of the order of the seeds, to the last bit.
 */
public final class Sample {
  private final double[] sorted;

  private Sample(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "sample value = " + value + " is not allowed; a finite number");
      }
    }
    this.sorted = values;
    Arrays.sort(sorted);
  }

  /**
   * A sample of these values, in any order.
   *
   * @throws IllegalArgumentException if a value is infinite or not a number
   */
  public static Sample of(double... values) {
    return new Sample(values.clone());
  }

  /**
   * A sample of these values, in any order.
   *
   * @throws IllegalArgumentException if a value is infinite or not a number
   */
  public static Sample of(Collection<Double> values) {
    return new Sample(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** How many values there are. */
  public int size() {
    return sorted.length;
  }

  /** The values in ascending order, a copy. */
  public double[] values() {
    return sorted.clone();
  }

  /** The arithmetic mean; empty without values. */
  public OptionalDouble mean() {
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean(sorted, 0, sorted.length));
  }

  /** The middle value, or the mean of the two middle values; empty without values. */
  public OptionalDouble median() {
    int n = sorted.length;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean(sorted, (n - 1) / 2, n / 2 + 1));
  }

  /** The smallest value; empty without values. */
  public OptionalDouble minimum() {
    return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sorted[0]);
  }

  /** The largest value; empty without values. */
  public OptionalDouble maximum() {
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length - 1]);
  }

  /** The standard deviation with n − 1 in the denominator; empty with fewer than two values. */
  public OptionalDouble standardDeviation() {
    int n = sorted.length;
    if (n < 2) {
      return OptionalDouble.empty();
    }
    double mean = mean(sorted, 0, n);
    double squares = 0;
    for (double value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    return OptionalDouble.of(Math.sqrt(squares / (n - 1)));
  }

  /** Whether the values are the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Sample sample && Arrays.equals(sorted, sample.sorted);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sorted);
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }

  /**
   * Mean of {@code values[from, to)}, as an offset from the first so that the mean of equal values
   * is that value exactly.
   */
  static double mean(double[] values, int from, int to) {
    double origin = values[from];
    double sum = 0;
    for (int i = from + 1; i < to; i++) {
      sum += values[i] - origin;
    }
    return origin + sum / (to - from);
  }
}
