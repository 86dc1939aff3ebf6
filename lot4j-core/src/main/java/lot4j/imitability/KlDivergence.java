package lot4j.imitability;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Tensor;

/**
 * The Kullback-Leibler divergence of the softmax distributions, the paper's measure; of continuous
 * policies, that of their diagonal normals.
 *
 * <p>At temperature T a distribution is its own with every probability, or the density, to the
 * power 1/T, made to sum to 1 again: logits divided by T, and variances times T. At T = 1 it is
 * {@link GaussianKl}'s value for normals.
 *
 * <p>The paper reads KL(free ‖ reference) in both losses, the authors' code computes KL(reference ‖
 * free). Sources: S. Kullback and R. Leibler, "On information and sufficiency", 1951; Jin, Che et
 * al., 2024, equation 4; the factor T² is from G. Hinton et al., "Distilling the knowledge in a
 * neural network", 2015.
 *
 * @param direction which side the expectation is taken over
 * @param temperature divides both logits, multiplies both variances, above 0; 1 leaves them as they
 *     are
 * @param scaleByT2 whether to multiply by the squared temperature
 */
public record KlDivergence(Direction direction, double temperature, boolean scaleByT2)
    implements Imitability {

  /** Which of the two distributions comes first. */
  public enum Direction {
    /** KL(free ‖ reference). */
    FREE_REFERENCE,
    /** KL(reference ‖ free). */
    REFERENCE_FREE
  }

  public KlDivergence {
    Require.positive("temperature", temperature);
  }

  /** KL(free ‖ reference) without T². */
  public KlDivergence(double temperature) {
    this(Direction.FREE_REFERENCE, temperature, false);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if one output is a diagonal normal and the other is not
   */
  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    Tensor mean =
        GaussianKl.tempered(this, free, reference, mask)
            .or(() -> KlByHand.mean(this, free, reference, mask))
            .orElseGet(
                () -> {
                  LogProbabilities sides =
                      LogProbabilities.of(free, reference, mask, temperature, scaleByT2);
                  boolean freeFirst = direction == Direction.FREE_REFERENCE;
                  return sides.mean(mask, freeFirst ? sides.kl() : sides.swapped().kl());
                });
    return LogProbabilities.scaled(mean, temperature, scaleByT2);
  }
}
