package lot4j.imitability;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The total variation distance of the softmax distributions, ½ Σ |p − q|, at most 1; where both
 * agree its gradient is taken as 0. Source: D. Levin and Y. Peres, "Markov chains and mixing
 * times", 2017, section 4.1.
 *
 * @param temperature divides both logits, above 0
 * @param scaleByT2 whether to multiply by the squared temperature
 */
public record TotalVariation(double temperature, boolean scaleByT2) implements Imitability {
  public TotalVariation {
    Require.positive("temperature", temperature);
  }

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    LogProbabilities sides = LogProbabilities.of(free, reference, mask, temperature, scaleByT2);
    Tensor each = sides.free().exp().sub(sides.reference().exp()).abs().sum(-1);
    return LogProbabilities.scaled(
        sides.mean(mask, each).mul(new Scalar(0.5)), temperature, scaleByT2);
  }
}
