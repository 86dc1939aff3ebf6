package lot4j.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The bias-corrected and accelerated bootstrap interval.
 *
 * <p>A percentile interval whose two percentiles are moved: by z₀, how far the resampled statistics
 * lie to one side of the estimate, and by a, how their scatter changes with the value, taken from
 * the statistic without one observation at a time. Without bias and skew it is the percentile
 * interval.
 *
 * <p>Several strata: a = ⅙ Σₕ Σᵢ (lₕᵢ / nₕ)³ / (Σₕ Σᵢ (lₕᵢ / nₕ)²)^{3/2}, lₕᵢ = (nₕ − 1)(θ̄ₕ −
 * θₕ₍ᵢ₎).
 *
 * <p>Source: B. Efron, "Better bootstrap confidence intervals", JASA 82, 1987; strata: A. Davison,
 * D. Hinkley, "Bootstrap Methods and their Application", 1997, section 5.3.
 */
final class Bca {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  private Bca() {}

  /**
   * The interval.
   *
   * @param resampled {@code [resample]} the statistic; sorted by this call
   * @param estimate the statistic of the values themselves
   * @param withoutOne {@code [stratum][observation]} the statistic without that observation
   * @param level coverage, above 0 and below 1
   */
  static Interval interval(
      double[] resampled, double estimate, double[][] withoutOne, double level) {
    Arrays.sort(resampled);
    double below = 0;
    for (double value : resampled) {
      below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
    }
    // An estimate outside of everything drawn would send both ends to one point.
    double part = Math.max(0.5, Math.min(resampled.length - 0.5, below)) / resampled.length;
    double bias = NORMAL.inverseCumulativeProbability(part);
    double acceleration = acceleration(withoutOne);
    return new Interval(
        Quantile.of(resampled, percentile((1 - level) / 2, bias, acceleration)),
        Quantile.of(resampled, percentile((1 + level) / 2, bias, acceleration)));
  }

  private static double percentile(double p, double bias, double acceleration) {
    double z = bias + NORMAL.inverseCumulativeProbability(p);
    double stretched = 1 - acceleration * z;
    // Past the pole of the transformation nothing is further out than the end itself.
    return stretched > 0 ? NORMAL.cumulativeProbability(bias + z / stretched) : z > 0 ? 1 : 0;
  }

  private static double acceleration(double[][] withoutOne) {
    double squares = 0;
    double cubes = 0;
    for (double[] stratum : withoutOne) {
      int n = stratum.length;
      double mean = Sample.mean(stratum, 0, n);
      for (double value : stratum) {
        double influence = (n - 1.0) * (mean - value) / n;
        squares += influence * influence;
        cubes += influence * influence * influence;
      }
    }
    return squares > 0 ? cubes / (6 * Math.pow(squares, 1.5)) : 0;
  }
}
