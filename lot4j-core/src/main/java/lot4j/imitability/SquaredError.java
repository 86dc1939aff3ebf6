package lot4j.imitability;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Tensor;

/**
 * The squared distance of the softmax distributions, summed over classes, no root. The paper's
 * second measure ("L2", its Table 13; of what is not stated there, probabilities is our reading).
 *
 * @param temperature divides both logits, above 0
 * @param scaleByT2 whether to multiply by the squared temperature
 */
public record SquaredError(double temperature, boolean scaleByT2) implements Imitability {
  public SquaredError {
    Require.positive("temperature", temperature);
  }

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    LogProbabilities sides = LogProbabilities.of(free, reference, mask, temperature, scaleByT2);
    Tensor each = sides.free().exp().sub(sides.reference().exp()).square().sum(-1);
    return LogProbabilities.scaled(sides.mean(mask, each), temperature, scaleByT2);
  }
}
