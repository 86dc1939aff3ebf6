package lot4j;

import org.bytedeco.pytorch.Optimizer;

/** How a learner's parameters follow their gradient. */
public interface Descent {
  /** Sets every gradient to zero. */
  void zeroGrad();

  /**
   * Runs the engine's backward pass, which adds to the gradients gathered so far.
   *
   * @param last whether nothing more is gathered before the next step: whoever passes a gradient on
   *     may then begin with the parts of it that are known, while the rest is worked out
   */
  default void gather(Runnable backward, boolean last) {
    backward.run();
  }

  /** Moves the parameters once along the gradients gathered since the last {@link #zeroGrad}. */
  void step();

  /** The engine's own optimizer. */
  static Descent of(Optimizer optimizer) {
    return new Descent() {
      @Override
      public void zeroGrad() {
        optimizer.zero_grad();
      }

      @Override
      public void step() {
        optimizer.step();
      }
    };
  }

  /** For a network that is only asked, or whose owner steps it elsewhere. */
  static Descent none() {
    return new Descent() {
      @Override
      public void zeroGrad() {}

      @Override
      public void step() {
        throw new IllegalStateException("learner: it has no optimizer");
      }
    };
  }
}
