package lot4j.stats;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The sign-flip test of paired differences: how often a mean as far from 0 appears if every
 * difference could as well have had the other sign.
 *
 * <p>It assumes nothing about the shape of the differences, only that under no effect their signs
 * are a coin's. Two-sided, all 2ⁿ signs counted up to {@value #MOST_EXACT} differences; beyond,
 * {@value #DRAWS} drawn at random from a seed of its own, the observed one counted in, which makes
 * p slightly too large and never 0.
 *
 * <p>n seeds cannot reach a p below 2 / 2ⁿ: five seeds give 0.0625 at best, six 0.031. A threshold
 * of 0.05 can therefore not be met with five seeds, however clear the differences are.
 *
 * <p>Source: R. Fisher, "The Design of Experiments", 1935, section 21; the random form: B. Phipson,
 * G. Smyth, Statistical Applications in Genetics and Molecular Biology 9, 2010.
 *
 * @param n number of differences
 * @param p two-sided
 * @param smallestP the smallest p that n differences can have here
 * @param exact whether all signs were counted
 */
public record SignFlipTest(int n, double p, double smallestP, boolean exact) {
  /** Up to so many differences all signs are counted. */
  public static final int MOST_EXACT = 30;

  private static final int DRAWS = 100_000;
  private static final long SEED = 20_240_202L;

  /** Sums nearer than this part of Σ|d| are equal: rounding must not break a tie. */
  private static final double TIE = 1e-12;

  /** The test of these differences; empty without any. */
  public static Optional<SignFlipTest> of(Sample differences) {
    int n = differences.size();
    if (n == 0) {
      return Optional.empty();
    }
    double[] values = differences.values();
    double reach = Arrays.stream(values).map(Math::abs).sum();
    double observed = Math.abs(Arrays.stream(values).sum()) - TIE * reach;
    return Optional.of(
        n <= MOST_EXACT
            ? new SignFlipTest(n, exactly(values, observed), smallestP(n), true)
            : new SignFlipTest(
                n, drawn(values, observed), Math.max(smallestP(n), 1.0 / (DRAWS + 1)), false));
  }

  /** 2 / 2ⁿ, the smallest p that n differences can reach if all signs are counted. */
  public static double smallestP(int n) {
    return Math.min(1, Math.scalb(2.0, -n));
  }

  /**
   * Part of the 2ⁿ sums whose size is {@code observed} or more: the sums of each half sorted, then
   * for each sum of the one half the partners of the other counted by their place.
   */
  private static double exactly(double[] values, double observed) {
    double[] first = sums(Arrays.copyOf(values, values.length / 2));
    double[] second = sums(Arrays.copyOfRange(values, values.length / 2, values.length));
    if (observed <= 0) {
      return 1;
    }
    long above = 0;
    int from = second.length; // second[from, …) reach `observed` together with first[i]
    for (double sum : first) {
      while (from > 0 && sum + second[from - 1] >= observed) {
        from--;
      }
      above += second.length - from;
    }
    // The sums are symmetric around 0: as many lie at or below -observed.
    return Math.scalb(2.0 * above, -values.length);
  }

  /** All sums of the values with either sign, ascending. */
  private static double[] sums(double[] values) {
    double[] sums = {0};
    for (double value : values) {
      double[] longer = new double[2 * sums.length];
      for (int i = 0; i < sums.length; i++) {
        longer[2 * i] = sums[i] - value;
        longer[2 * i + 1] = sums[i] + value;
      }
      sums = longer;
    }
    Arrays.sort(sums);
    return sums;
  }

  private static double drawn(double[] values, double observed) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(SEED);
    int count = 0;
    for (int i = 0; i < DRAWS; i++) {
      double sum = 0;
      for (double value : values) {
        sum += random.nextBoolean() ? value : -value;
      }
      count += Math.abs(sum) >= observed ? 1 : 0;
    }
    return (count + 1.0) / (DRAWS + 1);
  }
}
