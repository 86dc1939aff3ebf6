package lot4j.optim;

import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * An exponential moving average of a network's weights, from the initial ones on. The running
 * statistics of the averaged network are the network's own. Source: A. Tarvainen and H. Valpola,
 * "Mean teachers are better role models", 2017. Owns its copy, not the weights.
 *
 * <pre>{@code
 * try (Average.Swap averaged = ema.swapIn()) {
 *   evaluate(network); // with the averaged weights
 * }
 * }</pre>
 */
public final class Ema implements Average {
  private final Weights weights;
  private final double decay;
  private final Tensor average;
  private boolean swapped;

  /**
   * Begins at the present weights.
   *
   * @param decay part of the average kept at each update, 0 or more and below 1
   */
  public Ema(Weights weights, double decay) {
    this.decay = Require.below("ema", decay, 0, 1);
    this.weights = weights;
    try (PointerScope scope = new PointerScope()) {
      this.average = weights.values().detach().clone().retainReference();
    }
  }

  /** The decay that averages over the same part of a run {@code stretch} times as long. */
  public static double stretched(double decay, double stretch) {
    return Math.pow(decay, 1 / stretch);
  }

  /** Moves the average toward the present weights; call it after each teacher step. */
  @Override
  public void update(long step) {
    Require.that(!swapped, "ema", "an update while the averaged weights are in use", "none");
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      average.lerp_(weights.values(), new Scalar(1 - decay));
    }
  }

  /** The averaged weights, laid out as {@link Weights#values}; owned by this object. */
  public Tensor average() {
    return average;
  }

  /** Puts the averaged weights into the network until the result is closed. */
  @Override
  public Swap swapIn() {
    Require.that(!swapped, "ema", "swapped in twice", "once at a time");
    exchange();
    swapped = true;
    return this::swapOut;
  }

  private void swapOut() {
    if (swapped) {
      exchange();
      swapped = false;
    }
  }

  private void exchange() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor own = weights.values().clone();
      weights.values().copy_(average);
      average.copy_(own);
    }
  }

  @Override
  public void save(StateWriter out) {
    Require.that(!swapped, "ema", "saved while the averaged weights are in use", "before or after");
    out.tensor("average", average);
  }

  @Override
  public void restore(StateReader in) {
    in.into("average", average);
  }

  @Override
  public void close() {
    average.close();
  }
}
