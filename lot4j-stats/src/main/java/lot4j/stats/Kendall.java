package lot4j.stats;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Kendall's τ<sub>b</sub>: pairs of cases in the same order minus pairs in opposite order, over the
 * pairs that could be either; from −1 to 1.
 *
 * <p>τ<sub>b</sub> = (C − D) / √((P − X)(P − Y)) with P pairs in all, X tied in x and Y tied in y.
 *
 * <p>Source: M. Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945.
 */
public final class Kendall {
  private Kendall() {}

  /**
   * τ<sub>b</sub> of {@code x} and {@code y}; empty with fewer than two cases or if a side is
   * constant.
   *
   * @param x {@code [case]} finite
   * @param y {@code [case]} finite, in the order of {@code x}
   * @throws IllegalArgumentException if the sides differ in length or a value is not finite
   */
  public static OptionalDouble of(double[] x, double[] y) {
    Cases.require(x, y, List.of());
    long balance = 0;
    long untiedX = 0;
    long untiedY = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        int orderX = order(x[i], x[j]);
        int orderY = order(y[i], y[j]);
        balance += orderX * orderY;
        untiedX += Math.abs(orderX);
        untiedY += Math.abs(orderY);
      }
    }
    return untiedX == 0 || untiedY == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(balance / Math.sqrt((double) untiedX * untiedY));
  }

  /** Zeros of either sign are equal, as they are for {@code ==}. */
  private static int order(double a, double b) {
    return a == b ? 0 : a > b ? 1 : -1;
  }
}
