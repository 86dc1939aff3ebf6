package lot4j.stats;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/**
 * The noncentral t distribution: (Z + δ) / √(χ²<sub>ν</sub> / ν).
 *
 * <p>What Student's t becomes when the true mean is not 0; power and intervals of effect sizes rest
 * on it. The distribution function is the double Poisson series, summed from its largest terms
 * outward so that a large δ does not underflow; absolute error below 10⁻¹⁰.
 *
 * <p>Source: R. Lenth, "Algorithm AS 243", Applied Statistics 38, 1989; the order of summation: D.
 * Benton, K. Krishnamoorthy, Computational Statistics & Data Analysis 43, 2003.
 *
 * @param degreesOfFreedom ν, above 0
 * @param noncentrality δ, finite
 */
record NoncentralT(double degreesOfFreedom, double noncentrality) {
  private static final double SMALLEST_TERM = 1e-14;
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  /** P(T ≤ t). */
  double cumulative(double t) {
    double p =
        t < 0
            ? 1 - upTo(-t, degreesOfFreedom, -noncentrality)
            : upTo(t, degreesOfFreedom, noncentrality);
    return Math.max(0, Math.min(1, p));
  }

  private static double upTo(double t, double nu, double delta) {
    double x = t * t / (nu + t * t);
    double half = delta * delta / 2;
    int peak = (int) half;
    double sum = 0;
    for (int j = peak; j >= 0; j--) {
      double weight = term(j, half, delta, x, nu);
      sum += weight;
      if (j < peak && Math.abs(weight) < SMALLEST_TERM && j < half - 6 * Math.sqrt(half)) {
        break;
      }
    }
    for (int j = peak + 1; ; j++) {
      double weight = term(j, half, delta, x, nu);
      sum += weight;
      if (Math.abs(weight) < SMALLEST_TERM) {
        break;
      }
    }
    return NORMAL.cumulativeProbability(-delta) + sum / 2;
  }

  private static double term(int j, double half, double delta, double x, double nu) {
    if (half == 0 && j > 0) {
      return 0;
    }
    double power = half == 0 ? 0 : j * Math.log(half);
    double even = Math.exp(power - half - Gamma.logGamma(j + 1));
    double odd = delta / Math.sqrt(2) * Math.exp(power - half - Gamma.logGamma(j + 1.5));
    return even * Beta.regularizedBeta(x, j + 0.5, nu / 2)
        + odd * Beta.regularizedBeta(x, j + 1, nu / 2);
  }
}
