package lot4j.stats;

import java.util.OptionalDouble;

/**
 * The interquartile mean: the mean without the ⌊n/4⌋ smallest and the ⌊n/4⌋ largest values.
 *
 * <p>Source: Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical
 * Precipice", NeurIPS 2021. With fewer than four values nothing is dropped and it is the mean.
 */
public final class Iqm {
  private Iqm() {}

  /** The interquartile mean of {@code sample}; empty without values. */
  public static OptionalDouble of(Sample sample) {
    int n = sample.size();
    int dropped = n / 4;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Sample.mean(sample.values(), dropped, n - dropped));
  }
}
