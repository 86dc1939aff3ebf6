package lot4j.imitability;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Tensor;

/**
 * Jeffreys' divergence: the sum of both Kullback-Leibler divergences, without a factor ½. Source:
 * H. Jeffreys, "An invariant form for the prior probability in estimation problems", 1946.
 *
 * @param temperature divides both logits, above 0
 * @param scaleByT2 whether to multiply by the squared temperature
 */
public record Jeffreys(double temperature, boolean scaleByT2) implements Imitability {
  public Jeffreys {
    Require.positive("temperature", temperature);
  }

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    LogProbabilities sides = LogProbabilities.of(free, reference, mask, temperature);
    return LogProbabilities.scaled(
        mask.mean(sides.kl().add(sides.swapped().kl())), temperature, scaleByT2);
  }
}
