package lot4j.imitability;

import java.util.Optional;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The Kullback-Leibler divergence of diagonal normals in closed form, summed over action
 * dimensions, averaged over the batch: the measure of continuous policies. Source: S. Kullback,
 * "Information theory and statistics", 1959, chapter 9.
 *
 * @param direction which side the expectation is taken over
 */
public record GaussianKl(KlDivergence.Direction direction) implements Imitability {

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    return mean(normal(free), normal(reference), mask);
  }

  private Tensor mean(DiagonalNormal a, DiagonalNormal b, Mask mask) {
    Tensor each =
        direction == KlDivergence.Direction.FREE_REFERENCE ? kl(a, b, mask) : kl(b, a, mask);
    return mask.mean(each);
  }

  /**
   * The mean divergence of two diagonal normals at a measure's temperature, not yet scaled by T²;
   * empty if neither output is one. A normal's density to the power 1/T is that of a normal with T
   * times the variance.
   *
   * @throws IllegalArgumentException if only one is
   */
  static Optional<Tensor> tempered(KlDivergence measure, Output free, Output reference, Mask mask) {
    boolean normal = free.distribution() instanceof DiagonalNormal;
    if (normal != reference.distribution() instanceof DiagonalNormal) {
      throw new IllegalArgumentException(
          "imitability: one output is a diagonal normal and the other is not; both have to be of"
              + " one kind");
    }
    if (!normal) {
      return Optional.empty();
    }
    return Optional.of(
        new GaussianKl(measure.direction())
            .mean(
                tempered(normal(free), measure.temperature()),
                tempered(normal(reference), measure.temperature()),
                mask));
  }

  private static DiagonalNormal tempered(DiagonalNormal of, double temperature) {
    return temperature == 1
        ? of
        : new DiagonalNormal(of.mean(), of.logStd().add(new Scalar(Math.log(temperature) / 2)));
  }

  /** KL(p ‖ q) of each sample, [batch]. */
  static Tensor kl(DiagonalNormal p, DiagonalNormal q, Mask mask) {
    Tensor pMean = mask.clean(p.mean());
    Tensor qMean = mask.clean(q.mean());
    Tensor pLogStd = mask.clean(p.logStd().expand_as(p.mean()));
    Tensor qLogStd = mask.clean(q.logStd().expand_as(q.mean()));
    Tensor gap = pMean.sub(qMean);
    Tensor spread = pLogStd.mul(new Scalar(2)).exp().add(gap.square());
    Tensor scaled = spread.mul(qLogStd.mul(new Scalar(-2)).exp()).mul(new Scalar(0.5));
    return qLogStd.sub(pLogStd).add(scaled).sub(new Scalar(0.5)).sum(-1);
  }

  static DiagonalNormal normal(Output output) {
    if (output.distribution() instanceof DiagonalNormal normal) {
      return normal;
    }
    throw new IllegalArgumentException(
        "imitability: a gaussian measure needs outputs that are diagonal normals");
  }
}
