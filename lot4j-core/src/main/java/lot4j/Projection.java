package lot4j;

import java.util.List;
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

  /** The network's parameters that it uses; borrowed. */
  List<Tensor> parameters();
}
