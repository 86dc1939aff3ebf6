package lot4j.stats;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Spearman's ρ: the correlation of the ranks, from −1 to 1; ties share the mean of their places.
 *
 * <p>It asks whether one number orders the cases as another does, and nothing about straight lines.
 * The partial form first takes out, by least squares on the ranks, what other variables explain of
 * both, and correlates what is left.
 *
 * <p>Source: C. Spearman, "The proof and measurement of association between two things", 1904; the
 * partial form on ranks: W. Conover, "Practical Nonparametric Statistics", 1999, section 5.4.
 */
public final class Spearman {
  /** Below this part of its length a residual is rounding, not a remainder. */
  private static final double NOTHING_LEFT = 1e-9;

  private Spearman() {}

  /**
   * ρ of {@code x} and {@code y}; empty with fewer than two cases or if a side is constant.
   *
   * @param x {@code [case]} finite
   * @param y {@code [case]} finite, in the order of {@code x}
   * @throws IllegalArgumentException if the sides differ in length or a value is not finite
   */
  public static OptionalDouble of(double[] x, double[] y) {
    return partial(x, y, List.of());
  }

  /**
   * ρ of {@code x} and {@code y} with {@code controls} held constant.
   *
   * <p>A control that the others explain adds nothing and does no harm.
   *
   * @param x {@code [case]} finite
   * @param y {@code [case]} finite, in the order of {@code x}
   * @param controls each {@code [case]}, finite, in the order of {@code x}; none gives ρ itself
   * @return empty with fewer than controls + 3 cases (2 without controls), where the answer would
   *     be ±1 whatever the values are, or if the controls explain a side completely
   * @throws IllegalArgumentException if the lengths differ or a value is not finite
   */
  public static OptionalDouble partial(double[] x, double[] y, List<double[]> controls) {
    Cases.require(x, y, controls);
    if (x.length < fewestCases(controls.size())) {
      return OptionalDouble.empty();
    }
    double[] a = Ranks.centred(x);
    double[] b = Ranks.centred(y);
    double longest = Math.sqrt(Math.pow(x.length, 3) / 12); // of ranks without ties
    double[][] basis = new double[controls.size()][];
    int rank = 0;
    for (double[] control : controls) {
      double[] c = Ranks.centred(control);
      remove(c, basis, rank);
      double length = Math.sqrt(dot(c, c));
      if (length > NOTHING_LEFT * longest) {
        for (int i = 0; i < c.length; i++) {
          c[i] /= length;
        }
        basis[rank++] = c;
      }
    }
    remove(a, basis, rank);
    remove(b, basis, rank);
    double squaresA = dot(a, a);
    double squaresB = dot(b, b);
    if (Math.sqrt(Math.min(squaresA, squaresB)) <= NOTHING_LEFT * longest) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(Math.max(-1, Math.min(1, dot(a, b) / Math.sqrt(squaresA * squaresB))));
  }

  static int fewestCases(int controls) {
    return controls == 0 ? 2 : controls + 3;
  }

  /** Takes the parts along the first {@code rank} unit vectors off, twice: once leaves rounding. */
  private static void remove(double[] vector, double[][] basis, int rank) {
    for (int pass = 0; pass < 2; pass++) {
      for (int k = 0; k < rank; k++) {
        double along = dot(vector, basis[k]);
        for (int i = 0; i < vector.length; i++) {
          vector[i] -= along * basis[k][i];
        }
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
