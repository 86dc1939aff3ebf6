package lot4j.stats;

import java.util.OptionalInt;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How many paired seeds a difference needs, and what a number of seeds can see.
 *
 * <p>Of the two-sided paired t test at level 5 %, solved exactly with the noncentral t
 * distribution: power(n) = P(|T<sub>n−1, δ</sub>| &gt; t<sub>0.975, n−1</sub>), δ = √n · difference
 * / standard deviation of the differences. Power is for the true standard deviation; a pilot knows
 * it only roughly ({@link StandardDeviation#interval}).
 *
 * <p>Source: J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, chapter 2.
 *
 * @param power chance of finding the difference if it is there, above 0.05 and below 1
 */
public record PairedPower(double power) {
  /** More seeds than this are never proposed. */
  public static final int MOST_SEEDS = 1_000_000;

  private static final double LEVEL = 0.05;

  /**
   * Checks the power.
   *
   * @throws IllegalArgumentException outside of (0.05, 1): a test that looks at nothing has 0.05
   */
  public PairedPower {
    if (!(power > LEVEL && power < 1)) {
      throw new IllegalArgumentException(
          "power = " + power + " is not allowed; above 0.05 and below 1");
    }
  }

  /** The chance that {@code n} seeds, 2 or more, find an effect d<sub>z</sub>. */
  public static double of(int n, double effect) {
    if (n < 2) {
      throw new IllegalArgumentException("seeds = " + n + " is not allowed; 2 or more");
    }
    // No random generator is needed for a quantile; null keeps commons-math from seeding one.
    double critical = new TDistribution(null, n - 1).inverseCumulativeProbability(1 - LEVEL / 2);
    // Beyond this the power is 1 in all digits; the series would only take long.
    double most = 10 * critical + 40;
    NoncentralT t = new NoncentralT(n - 1, Math.min(Math.abs(effect) * Math.sqrt(n), most));
    return 1 - t.cumulative(critical) + t.cumulative(-critical);
  }

  /**
   * The fewest seeds, 2 or more, that find {@code difference} with this power.
   *
   * @param standardDeviation of the paired differences, 0 or more
   * @return empty if more than {@link #MOST_SEEDS} were needed
   * @throws IllegalArgumentException if the difference is 0 or a number is not finite
   */
  public OptionalInt seeds(double difference, double standardDeviation) {
    double effect = Math.abs(difference) / standardDeviation;
    if (!(Math.abs(difference) > 0 && standardDeviation >= 0 && Double.isFinite(difference))
        || !Double.isFinite(standardDeviation)) {
      throw new IllegalArgumentException(
          "difference "
              + difference
              + " with standard deviation "
              + standardDeviation
              + " is not allowed; not 0, finite, and 0 or more");
    }
    int low = 1;
    int high = 2;
    while (of(high, effect) < power) {
      if (high >= MOST_SEEDS) {
        return OptionalInt.empty();
      }
      low = high;
      high = Math.min(2 * high, MOST_SEEDS);
    }
    while (high - low > 1) {
      int middle = low + (high - low) / 2;
      if (of(middle, effect) < power) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return OptionalInt.of(high);
  }

  /**
   * The smallest difference that {@code n} seeds, 2 or more, find with this power.
   *
   * @param standardDeviation of the paired differences, 0 or more
   */
  public double smallestDifference(int n, double standardDeviation) {
    UnivariateFunction missing = effect -> of(n, effect) - power;
    double high = 1;
    while (missing.value(high) < 0) {
      high *= 2;
    }
    return new BrentSolver(1e-10).solve(200, missing, 0, high) * standardDeviation;
  }
}
