package lot4j.rl;

import lot4j.Census;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Shape;

/**
 * A network that acts and values: its output is a distribution over actions, logits or a diagonal
 * normal as the action space asks, and an extra {@code value}, [batch].
 */
public interface PolicySpec extends ModelSpec {
  /**
   * Allocates and initialises the network from the engine's global generator, in float32.
   *
   * @throws IllegalArgumentException if it cannot take such an input
   */
  Model build(Shape input, ActionSpace actions);

  /**
   * Its size, worked out from shapes.
   *
   * @throws IllegalArgumentException if it cannot take such an input
   */
  Census census(Shape input, ActionSpace actions);

  @Override
  default Model build(Shape input, int outputs) {
    return build(input, new ActionSpace.Discrete(outputs));
  }

  @Override
  default Census census(Shape input, int outputs) {
    return census(input, new ActionSpace.Discrete(outputs));
  }
}
