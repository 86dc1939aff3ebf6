package lot4j.stats;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * How well one number orders the cases as another does, with a bootstrap interval over the cases.
 *
 * <p>Cases are drawn with replacement, all their numbers together; the interval is the central part
 * of the correlations found. Draws without an answer (one value drawn n times, or so few different
 * cases that a partial correlation is ±1 whatever they are) are left out; if more than half of the
 * draws are such, there is no interval. The order of the cases does not matter.
 *
 * <p>With fewer than about ten cases the interval is wide and says so; ties that drawing makes pull
 * it slightly towards 0.
 *
 * <pre>{@code
 * RankCorrelation.partial(gap, error, List.of(entropy, loss), Bootstrap.standard()).interval();
 * }</pre>
 *
 * @param n number of cases
 * @param value from −1 to 1; empty if the cases do not determine it
 * @param interval percentile bootstrap interval; empty with fewer than four cases
 */
public record RankCorrelation(int n, OptionalDouble value, Optional<Interval> interval) {
  private static final int FEWEST_CASES = 4;

  /**
   * {@linkplain Spearman Spearman's ρ} of two numbers per case.
   *
   * @throws IllegalArgumentException if the sides differ in length or a value is not finite
   */
  public static RankCorrelation spearman(double[] x, double[] y, Bootstrap bootstrap) {
    return partial(x, y, List.of(), bootstrap);
  }

  /**
   * {@linkplain Spearman#partial Partial ρ}: with {@code controls} held constant.
   *
   * @throws IllegalArgumentException if the lengths differ or a value is not finite
   */
  public static RankCorrelation partial(
      double[] x, double[] y, List<double[]> controls, Bootstrap bootstrap) {
    return of(x, y, controls, Spearman::partial, bootstrap);
  }

  /**
   * {@linkplain Kendall Kendall's τ} of two numbers per case.
   *
   * @throws IllegalArgumentException if the sides differ in length or a value is not finite
   */
  public static RankCorrelation kendall(double[] x, double[] y, Bootstrap bootstrap) {
    return of(x, y, List.of(), (a, b, none) -> Kendall.of(a, b), bootstrap);
  }

  @FunctionalInterface
  private interface Measure {
    OptionalDouble of(double[] x, double[] y, List<double[]> controls);
  }

  private static RankCorrelation of(
      double[] x, double[] y, List<double[]> controls, Measure measure, Bootstrap bootstrap) {
    OptionalDouble value = measure.of(x, y, controls);
    return new RankCorrelation(
        x.length,
        value,
        value.isEmpty() || x.length < FEWEST_CASES
            ? Optional.empty()
            : interval(x, y, controls, measure, bootstrap));
  }

  private static Optional<Interval> interval(
      double[] x, double[] y, List<double[]> controls, Measure measure, Bootstrap bootstrap) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(bootstrap.seed());
    int[] order = Cases.order(x, y, controls);
    int fewest = Spearman.fewestCases(controls.size());
    double[] found = new double[bootstrap.resamples()];
    int count = 0;
    for (int i = 0; i < bootstrap.resamples(); i++) {
      int[] drawn = random.ints(order.length, 0, order.length).map(place -> order[place]).toArray();
      if (Arrays.stream(drawn).distinct().count() < fewest) {
        continue;
      }
      OptionalDouble value =
          measure.of(
              Cases.at(x, drawn),
              Cases.at(y, drawn),
              controls.stream().map(control -> Cases.at(control, drawn)).toList());
      if (value.isPresent()) {
        found[count++] = value.getAsDouble();
      }
    }
    return 2 * count < found.length
        ? Optional.empty()
        : Optional.of(Quantile.central(Arrays.copyOf(found, count), bootstrap.level()));
  }
}
