package lot4j.imitability;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Tensor;

/**
 * Jeffreys' divergence: the sum of both Kullback-Leibler divergences, without a factor ½, of
 * softmax distributions or of diagonal normals. Source: H. Jeffreys, "An invariant form for the
 * prior probability in estimation problems", 1946.
 *
 * @param temperature as in {@link KlDivergence}, above 0
 * @param scaleByT2 whether to multiply by the squared temperature
 */
public record Jeffreys(double temperature, boolean scaleByT2) implements Imitability {
  public Jeffreys {
    Require.positive("temperature", temperature);
  }

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    // Each divergence goes back through log-softmax on its own: their sum there would lose the
    // small gradient of one beside the large one of the other.
    Tensor forward =
        new KlDivergence(KlDivergence.Direction.FREE_REFERENCE, temperature, scaleByT2)
            .measure(free, reference, mask);
    Tensor reverse =
        new KlDivergence(KlDivergence.Direction.REFERENCE_FREE, temperature, scaleByT2)
            .measure(free, reference, mask);
    return forward.add(reverse);
  }
}
