package lot4j.stats;

import java.util.Optional;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * Cohen's d: a difference in units of the scatter it has to be seen through.
 *
 * <p>The paired form d<sub>z</sub> divides by the standard deviation of the differences: it says
 * how easily the difference is found with paired seeds, and grows without end as seeds explain more
 * of the scatter. The pooled form divides by the scatter of single runs: it says how much one run
 * gains. The two are different numbers; do not compare one with the other.
 *
 * <p>The 95 % interval inverts the noncentral t distribution, so it assumes normal values, and in
 * the pooled form runs that have nothing to do with each other. Source: J. Cohen, "Statistical
 * Power Analysis for the Behavioral Sciences", 1988; the interval: G. Cumming, S. Finch,
 * Educational and Psychological Measurement 61, 2001.
 *
 * @param d the effect, positive if a is larger
 * @param interval 95 % interval of the effect
 */
public record EffectSize(double d, Interval interval) {
  private static final double TAIL = 0.025;

  /** From here on the numerator's own scatter does not show beside the denominator's. */
  private static final double LARGE = 200;

  /**
   * d<sub>z</sub> = mean / standard deviation of the paired differences.
   *
   * @return empty with fewer than two differences or if all are equal
   */
  public static Optional<EffectSize> paired(Sample differences) {
    int n = differences.size();
    if (n < 2 || differences.minimum().equals(differences.maximum())) {
      return Optional.empty();
    }
    double d = differences.mean().orElseThrow() / differences.standardDeviation().orElseThrow();
    return of(d, Math.sqrt(n), n - 1);
  }

  /**
   * d = (mean of a − mean of b) / pooled standard deviation.
   *
   * @return empty if a side has fewer than two values or nothing scatters
   */
  public static Optional<EffectSize> pooled(Sample a, Sample b) {
    if (a.size() < 2 || b.size() < 2) {
      return Optional.empty();
    }
    double sdA = a.standardDeviation().orElseThrow();
    double sdB = b.standardDeviation().orElseThrow();
    int freedom = a.size() + b.size() - 2;
    double sd = Math.sqrt(((a.size() - 1) * sdA * sdA + (b.size() - 1) * sdB * sdB) / freedom);
    if (!(sd > 0)) {
      return Optional.empty();
    }
    double d = (a.mean().orElseThrow() - b.mean().orElseThrow()) / sd;
    return of(d, 1 / Math.sqrt(1.0 / a.size() + 1.0 / b.size()), freedom);
  }

  private static Optional<EffectSize> of(double d, double scale, int freedom) {
    double t = d * scale;
    if (!Double.isFinite(t)) {
      return Optional.empty();
    }
    double low = noncentrality(t, freedom, 1 - TAIL) / scale;
    double high = noncentrality(t, freedom, TAIL) / scale;
    return Optional.of(new EffectSize(d, new Interval(low, high)));
  }

  /** δ with P(T ≤ t) = p; the probability falls while δ grows. */
  private static double noncentrality(double t, int freedom, double p) {
    if (Math.abs(t) > LARGE) {
      // No random generator is needed for a quantile; null keeps commons-math from seeding one.
      ChiSquaredDistribution squares = new ChiSquaredDistribution(null, freedom);
      return t * Math.sqrt(squares.inverseCumulativeProbability(t > 0 ? 1 - p : p) / freedom);
    }
    UnivariateFunction excess = delta -> new NoncentralT(freedom, delta).cumulative(t) - p;
    double reach = 4 + Math.abs(t);
    double low = t - reach;
    double high = t + reach;
    while (excess.value(low) < 0) {
      low -= reach;
    }
    while (excess.value(high) > 0) {
      high += reach;
    }
    return new BrentSolver(1e-9).solve(200, excess, low, high);
  }
}
