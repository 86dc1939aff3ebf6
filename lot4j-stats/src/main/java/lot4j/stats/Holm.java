package lot4j.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's correction: p values of a family of tests, so that the chance of any false finding in the
 * family stays below the level one compares them with.
 *
 * <p>The smallest of m is multiplied by m, the next by m − 1, and so on; none falls below one
 * before it, none exceeds 1. It holds whatever the tests have to do with each other.
 *
 * <p>Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
 * Journal of Statistics 6, 1979.
 */
public final class Holm {
  private Holm() {}

  /**
   * The adjusted values, in the order of {@code p}.
   *
   * @throws IllegalArgumentException if a value is not from 0 to 1
   */
  public static double[] adjusted(double... p) {
    for (double value : p) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("p = " + value + " is not allowed; from 0 to 1");
      }
    }
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] adjusted = new double[p.length];
    double largest = 0;
    for (int k = 0; k < order.length; k++) {
      largest = Math.max(largest, Math.min(1, (order.length - k) * p[order[k]]));
      adjusted[order[k]] = largest;
    }
    return adjusted;
  }
}
