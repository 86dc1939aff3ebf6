package lot4j;

import org.bytedeco.pytorch.Module;

/** A network whose parameters, buffers and train/eval mode the engine knows. */
public interface Model extends Network {
  /** The engine's module; its parameter names are those of a PyTorch {@code state_dict}. */
  Module module();

  /** Train or eval mode, of everything that has one; what is frozen may stay in eval mode. */
  default void mode(boolean training) {
    module().train(training);
  }

  /**
   * Whether a training forward draws random numbers (dropout and the like). Only then does a
   * learner switch random streams around the forward.
   */
  default boolean stochastic() {
    return true;
  }

  /** How files of published weights fit; as they are, every tensor, unless a network knows more. */
  default Pretrained pretrained() {
    return Pretrained.withHead();
  }
}
