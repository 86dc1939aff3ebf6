package lot4j.optim;

import java.util.Optional;
import lot4j.checkpoint.Stateful;
import org.bytedeco.pytorch.Tensor;

/** Moves weights along their gradients; its moments are its state, which it owns. */
public interface Optimizer extends Stateful, AutoCloseable {
  /** One step at learning rate {@code lr}. Leaves the gradient as it is. */
  void step(double lr);

  /** Takes note of a validation score; only optimizers that wait for one care. */
  default void evaluated(double score, boolean higherIsBetter) {}

  /**
   * The averaged weights, laid out as {@link Weights#values}, if this optimizer keeps some: what is
   * evaluated and deployed.
   */
  default Optional<Tensor> averaging() {
    return Optional.empty();
  }

  /** Releases the moments; the weights stay. */
  @Override
  void close();
}
