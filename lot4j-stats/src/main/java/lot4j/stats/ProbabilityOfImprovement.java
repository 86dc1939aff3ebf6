package lot4j.stats;

import java.util.OptionalDouble;

/**
 * How often a value of a is better than a value of b, over all pairs of values; ties count ½.
 *
 * <p>Mann and Whitney's U divided by the number of pairs. Source: Agarwal et al., "Deep
 * Reinforcement Learning at the Edge of the Statistical Precipice", NeurIPS 2021, section 4.3.
 */
public final class ProbabilityOfImprovement {
  private ProbabilityOfImprovement() {}

  /**
   * P(a better than b), from 0 to 1; empty if a side has no values.
   *
   * @param higherIsBetter false for losses and perplexities
   */
  public static OptionalDouble of(Sample a, Sample b, boolean higherIsBetter) {
    if (a.size() == 0 || b.size() == 0) {
      return OptionalDouble.empty();
    }
    double[] others = b.values();
    long twiceWins = 0;
    for (double value : a.values()) {
      for (double other : others) {
        int order = value == other ? 0 : value > other ? 1 : -1;
        twiceWins += 1 + (higherIsBetter ? order : -order);
      }
    }
    return OptionalDouble.of(twiceWins / (2.0 * a.size() * b.size()));
  }
}
