package lot4j.stats;

import java.util.stream.IntStream;

/**
 * Chooses the points of a long curve that keep its looks: "largest triangle three buckets".
 *
 * <p>The first and the last point are kept; the others are put into buckets of equal count, and
 * each bucket gives the point that spans the largest triangle with the point chosen before it and
 * the mean of the bucket after it. Source: S. Steinarsson, "Downsampling time series for visual
 * representation", 2013, section 4.2. Ties go to the earlier point, so equal input gives equal
 * output.
 */
public final class LargestTriangle {
  private LargestTriangle() {}

  /**
   * Which points to keep, ascending; all of them if there are no more than {@code most}.
   *
   * @param x positions, ascending
   * @param y values, as many
   * @param most how many to keep at most, 2 or more
   * @throws IllegalArgumentException if the lengths differ or {@code most} is below 2
   */
  public static int[] of(double[] x, double[] y, int most) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " positions for " + y.length + " values");
    }
    if (most < 2) {
      throw new IllegalArgumentException("most = " + most + " is not allowed; 2 or more");
    }
    int n = x.length;
    if (n <= most) {
      return IntStream.range(0, n).toArray();
    }
    int[] kept = new int[most];
    kept[most - 1] = n - 1;
    for (int bucket = 0; bucket < most - 2; bucket++) {
      int from = start(bucket, n, most);
      int to = start(bucket + 1, n, most);
      int end = bucket == most - 3 ? n : start(bucket + 2, n, most);
      double nextX = mean(x, to, end);
      double nextY = mean(y, to, end);
      int before = kept[bucket];
      int best = from;
      double largest = -1;
      for (int i = from; i < to; i++) {
        double area =
            Math.abs(
                (x[before] - nextX) * (y[i] - y[before])
                    - (x[before] - x[i]) * (nextY - y[before]));
        if (area > largest) {
          largest = area;
          best = i;
        }
      }
      kept[bucket + 1] = best;
    }
    return kept;
  }

  /** First point of a bucket; the points between the ends are shared out evenly. */
  private static int start(int bucket, int n, int most) {
    return 1 + (int) ((long) bucket * (n - 2) / (most - 2));
  }

  private static double mean(double[] numbers, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += numbers[i];
    }
    return sum / (to - from);
  }
}
