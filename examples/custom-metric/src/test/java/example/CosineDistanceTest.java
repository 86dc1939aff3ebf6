package example;

import lot4j.Mask;
import lot4j.Output;
import lot4j.testkit.ImitabilityContract;
import org.bytedeco.pytorch.Tensor;

/** The contract that every measure of imitability has to keep. */
class CosineDistanceTest extends ImitabilityContract {
  private static final CosineDistance COSINE = new CosineDistance(1.5);

  @Override
  protected Tensor measure(Tensor free, Tensor reference) {
    return COSINE.measure(Output.logits(free), Output.logits(reference), Mask.none());
  }

  @Override
  protected Tensor measure(Tensor free, Tensor reference, Tensor mask) {
    return COSINE.measure(Output.logits(free), Output.logits(reference), Mask.of(mask));
  }
}
