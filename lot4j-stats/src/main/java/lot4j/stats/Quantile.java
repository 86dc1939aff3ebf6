package lot4j.stats;

import java.util.Arrays;

/** Quantiles of resampled statistics. */
final class Quantile {
  private Quantile() {}

  /** The central interval that covers {@code level} of {@code values}, which it sorts. */
  static Interval central(double[] values, double level) {
    Arrays.sort(values);
    return new Interval(of(values, (1 - level) / 2), of(values, (1 + level) / 2));
  }

  /** Linear interpolation between order statistics (Hyndman and Fan's type 7, numpy's default). */
  static double of(double[] sorted, double p) {
    double position = p * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
