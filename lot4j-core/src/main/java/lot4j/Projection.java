package lot4j;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** The last layer of a network with many classes: from features to logits. */
public interface Projection {
  /**
   * The logits of some positions, differentiable in the features and in the {@link #parameters}.
   *
   * @param features [*, features]
   * @return [*, classes]
   */
  Tensor logits(Tensor features);

  /**
   * The network's parameters that it uses; borrowed. What {@link #logits} computes from them, it
   * computes anew in every call.
   */
  List<Tensor> parameters();

  /**
   * The same layer with its numbers in tensors of its own, constants; empty if it cannot be copied.
   */
  default Optional<Projection> copy() {
    return Optional.empty();
  }
}
