package lot4j;

import java.util.OptionalLong;

/**
 * A network's description that can build it: {@code new PreResNet(20, 16)}. A record; its compact
 * constructor checks the values, its components are the keys of the configuration.
 */
public interface ModelSpec {
  /**
   * Allocates and initialises the network from the engine's global generator, in float32.
   *
   * @param input shape of one sample without the batch axis, e.g. [channels, height, width]
   * @param outputs number of classes, vocabulary size or actions
   * @throws IllegalArgumentException if the network cannot take such an input
   */
  Model build(Shape input, int outputs);

  /**
   * Parameters and forward FLOPs, worked out from shapes: nothing is allocated.
   *
   * @throws IllegalArgumentException if the network cannot take such an input
   */
  Census census(Shape input, int outputs);

  /**
   * Width of the features that its outputs carry, {@link Output#FEATURES} or those of a projected
   * distribution; empty if they carry none.
   */
  default OptionalLong features(Shape input, int outputs) {
    return OptionalLong.empty();
  }
}
