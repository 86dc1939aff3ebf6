package lot4j.imitability;

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
    DiagonalNormal a = normal(free);
    DiagonalNormal b = normal(reference);
    Tensor each =
        direction == KlDivergence.Direction.FREE_REFERENCE ? kl(a, b, mask) : kl(b, a, mask);
    return mask.mean(each);
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
