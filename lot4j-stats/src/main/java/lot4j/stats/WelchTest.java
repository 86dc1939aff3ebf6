package lot4j.stats;

import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Welch's t test: the difference of two means whose runs have nothing to do with each other.
 *
 * <p>For methods that share no seeds; the sides may scatter differently. Where seeds are shared
 * {@link PairedTest} sees more.
 *
 * <p>Source: B. Welch, "The generalization of Student's problem", Biometrika 34, 1947.
 *
 * @param difference mean of a − mean of b
 * @param t the difference over its standard error
 * @param degreesOfFreedom of Welch and Satterthwaite, seldom whole
 * @param p two-sided
 * @param interval 95 % interval of the difference
 */
public record WelchTest(
    double difference, double t, double degreesOfFreedom, double p, Interval interval) {

  /** The test; empty if a side has fewer than two values or nothing scatters. */
  public static Optional<WelchTest> of(Sample a, Sample b) {
    if (a.size() < 2 || b.size() < 2) {
      return Optional.empty();
    }
    double errorA = squaredError(a);
    double errorB = squaredError(b);
    double error = errorA + errorB;
    if (!(error > 0)) {
      return Optional.empty();
    }
    double difference = a.mean().orElseThrow() - b.mean().orElseThrow();
    double partA = errorA / error;
    double partB = errorB / error;
    double freedom = 1 / (partA * partA / (a.size() - 1) + partB * partB / (b.size() - 1));
    double t = difference / Math.sqrt(error);
    // No random generator is needed for a quantile; null keeps commons-math from seeding one.
    TDistribution student = new TDistribution(null, freedom);
    double half = student.inverseCumulativeProbability(0.975) * Math.sqrt(error);
    return Optional.of(
        new WelchTest(
            difference,
            t,
            freedom,
            2 * student.cumulativeProbability(-Math.abs(t)),
            new Interval(difference - half, difference + half)));
  }

  private static double squaredError(Sample sample) {
    double sd = sample.standardDeviation().orElseThrow();
    return sd * sd / sample.size();
  }
}
