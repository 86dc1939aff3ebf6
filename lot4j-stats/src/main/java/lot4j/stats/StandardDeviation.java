package lot4j.stats;

import java.util.Optional;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * How well few values know their scatter: the χ² interval of a standard deviation.
 *
 * <p>s · √((n − 1) / χ²<sub>p, n−1</sub>) at p = 0.975 and 0.025. It assumes normal values. Three
 * seeds know it from half to six times what they show.
 */
public final class StandardDeviation {
  private StandardDeviation() {}

  /** The 95 % interval of the standard deviation; empty with fewer than two values. */
  public static Optional<Interval> interval(Sample sample) {
    int n = sample.size();
    if (n < 2) {
      return Optional.empty();
    }
    double sd = sample.standardDeviation().orElseThrow();
    // No random generator is needed for a quantile; null keeps commons-math from seeding one.
    ChiSquaredDistribution squares = new ChiSquaredDistribution(null, n - 1);
    return Optional.of(
        new Interval(
            sd * Math.sqrt((n - 1) / squares.inverseCumulativeProbability(0.975)),
            sd * Math.sqrt((n - 1) / squares.inverseCumulativeProbability(0.025))));
  }
}
