package lot4j.imitability;

import lot4j.Distribution.DiagonalNormal;
import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import org.bytedeco.pytorch.Tensor;

/**
 * Jeffreys' divergence of diagonal normals: the sum of both {@link GaussianKl}, without a factor ½.
 */
public record GaussianJeffreys() implements Imitability {
  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    DiagonalNormal a = GaussianKl.normal(free);
    DiagonalNormal b = GaussianKl.normal(reference);
    return mask.mean(GaussianKl.kl(a, b, mask).add(GaussianKl.kl(b, a, mask)));
  }
}
