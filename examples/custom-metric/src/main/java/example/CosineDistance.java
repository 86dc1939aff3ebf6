package example;

import static org.bytedeco.pytorch.global.torch.softmax;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A measure of one's own: 1 minus the cosine between the two distributions.
 *
 * @param temperature divides both logits, above 0
 */
public record CosineDistance(double temperature) implements Imitability {
  public CosineDistance {
    Require.positive("temperature", temperature);
  }

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    Tensor p = probabilities(free, mask);
    Tensor q = probabilities(reference, mask);
    Tensor cosine = p.mul(q).sum(-1).div(norm(p).mul(norm(q))); // [*]
    return mask.mean(cosine.neg().add(new Scalar(1))); // []
  }

  private Tensor probabilities(Output output, Mask mask) {
    return softmax(mask.clean(output.logits()).div(new Scalar(temperature)), -1); // [*, classes]
  }

  private static Tensor norm(Tensor rows) {
    return rows.mul(rows).sum(-1).sqrt();
  }
}
