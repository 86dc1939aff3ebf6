package lot4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * What a network says about a batch: a distribution for each sample, and named extras that a task
 * may need beside it (a policy's {@code value}, a recurrent network's {@code hidden}).
 *
 * @param distribution what imitation is measured on
 * @param extras further tensors by name, not imitated; empty for most networks
 */
public record Output(Distribution distribution, Map<String, Tensor> extras) {
  /** The extra that is what a network's last layer makes its logits of, [*, features]. */
  public static final String FEATURES = "features";

  public Output {
    extras = Map.copyOf(extras);
  }

  /** An output of class logits alone, [*, classes]. */
  public static Output logits(Tensor logits) {
    return new Output(new Distribution.Categorical(logits), Map.of());
  }

  /**
   * The logits, [*, classes].
   *
   * @throws IllegalStateException if the output is no categorical distribution
   */
  public Tensor logits() {
    if (distribution instanceof Distribution.Categorical categorical) {
      return categorical.logits();
    }
    if (distribution instanceof Distribution.Projected projected) {
      return projected.logits();
    }
    throw new IllegalStateException(
        "output: a " + distribution.getClass().getSimpleName() + " has no logits");
  }

  /** The same output as a constant, sg[·] in the paper's notation. */
  public Output constant() {
    return new Output(distribution.constant(), constants());
  }

  /** The same output as a constant that no later step of its network changes. */
  public Output kept() {
    return new Output(distribution.kept(), constants());
  }

  private Map<String, Tensor> constants() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    extras.forEach((name, tensor) -> constants.put(name, tensor.detach()));
    return constants;
  }
}
