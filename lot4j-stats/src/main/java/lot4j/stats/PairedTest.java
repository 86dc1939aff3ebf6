package lot4j.stats;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * The difference of two methods over the seeds that both have.
 *
 * <p>Runs of one seed share data order and initial weights, so the differences a − b are formed
 * seed by seed before anything is averaged. Two intervals are given because each fails alone: the
 * percentile bootstrap is too short for few seeds, Student's t assumes normal differences.
 *
 * @param differences a − b, one per seed in common
 * @param difference mean of a − b; empty without a common seed
 * @param bootstrap 95 % percentile bootstrap interval of the mean; empty with fewer than two seeds
 * @param studentT 95 % interval of Student's t; empty with fewer than two seeds
 */
public record PairedTest(
    Sample differences,
    OptionalDouble difference,
    Optional<Interval> bootstrap,
    Optional<Interval> studentT) {
  /** With fewer pairs than this nothing is called resolved. */
  public static final int FEWEST_PAIRS = 5;

  private static final double LEVEL = 0.95;

  /** The difference a − b, with {@link Bootstrap#standard}. Values by seed; all must be finite. */
  public static PairedTest of(Map<Long, Double> a, Map<Long, Double> b) {
    return of(a, b, Bootstrap.standard());
  }

  /**
   * The difference a − b. Seeds that only one side has are left out.
   *
   * @throws IllegalArgumentException if a value or a difference is not finite
   */
  public static PairedTest of(Map<Long, Double> a, Map<Long, Double> b, Bootstrap bootstrap) {
    Sample differences = differences(a, b);
    return new PairedTest(
        differences, differences.mean(), bootstrap.mean(differences), studentT(differences));
  }

  private static Sample differences(Map<Long, Double> a, Map<Long, Double> b) {
    return Sample.of(
        a.keySet().stream()
            .filter(b::containsKey)
            .mapToDouble(seed -> a.get(seed) - b.get(seed))
            .toArray());
  }

  /** Number of seeds in common. */
  public int n() {
    return differences.size();
  }

  /** Whether both intervals exclude 0 and there are at least {@link #FEWEST_PAIRS} pairs. */
  public boolean resolved() {
    return n() >= FEWEST_PAIRS
        && bootstrap.filter(interval -> !interval.contains(0)).isPresent()
        && studentT.filter(interval -> !interval.contains(0)).isPresent();
  }

  /** mean ± t(0.975, n − 1) · s / √n. */
  private static Optional<Interval> studentT(Sample sample) {
    int n = sample.size();
    if (n < 2) {
      return Optional.empty();
    }
    // No random generator is needed for a quantile; null keeps commons-math from seeding one.
    double t = new TDistribution(null, n - 1).inverseCumulativeProbability((1 + LEVEL) / 2);
    double mean = sample.mean().orElseThrow();
    double half = t * sample.standardDeviation().orElseThrow() / Math.sqrt(n);
    return Optional.of(new Interval(mean - half, mean + half));
  }
}
