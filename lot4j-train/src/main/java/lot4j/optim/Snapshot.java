package lot4j.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A network's weights and running statistics at some time, kept beside it: a lagged copy, or an
 * average that follows. It can take the network's place for an answer.
 *
 * <pre>{@code
 * try (Average.Swap lagged = snapshot.swapIn()) {
 *   answer = learner.answer(exercise, DataStream.STUDENT);
 * }
 * }</pre>
 *
 * <p>Owns its copies, not the weights.
 */
public final class Snapshot implements Stateful, AutoCloseable {
  private final Weights weights;
  private final Tensor values;
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private boolean swapped;

  /** Of the present weights. */
  public Snapshot(Weights weights) {
    this.weights = weights;
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      this.values = weights.values().detach().clone().retainReference();
      weights
          .buffers()
          .forEach((name, buffer) -> buffers.put(name, buffer.data().clone().retainReference()));
    }
  }

  /** Takes the present weights and running statistics. */
  public void take() {
    requireOut();
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      values.copy_(weights.values());
      takeBuffers();
    }
  }

  /**
   * Moves toward the present weights, {@code kept} of the old values staying; running statistics
   * are taken as they are.
   *
   * @param kept 0 or more, below 1
   */
  public void follow(double kept) {
    requireOut();
    Require.below("decay", kept, 0, 1);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      values.lerp_(weights.values(), new Scalar(1 - kept));
      takeBuffers();
    }
  }

  /**
   * Moves weights and running statistics alike toward the present ones, {@code kept} of the old
   * values staying; whole numbers, such as a count of batches, are taken as they are.
   *
   * @param kept 0 or more, below 1
   */
  public void blend(double kept) {
    requireOut();
    Require.below("kept", kept, 0, 1);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Scalar weight = new Scalar(1 - kept);
      values.lerp_(weights.values(), weight);
      weights
          .buffers()
          .forEach(
              (name, buffer) -> {
                Tensor own = buffers.get(name);
                if (own.is_floating_point()) {
                  own.lerp_(buffer.data(), weight);
                } else {
                  own.copy_(buffer.data());
                }
              });
    }
  }

  private void takeBuffers() {
    weights.buffers().forEach((name, buffer) -> buffers.get(name).copy_(buffer.data()));
  }

  /** Gives the network the weights and statistics of this snapshot, for good. */
  public void give() {
    requireOut();
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      weights.values().copy_(values);
      weights.buffers().forEach((name, buffer) -> buffer.data().copy_(buffers.get(name)));
    }
  }

  /** Puts them into the network until the result is closed. Nothing may step meanwhile. */
  public Average.Swap swapIn() {
    requireOut();
    exchange();
    swapped = true;
    return () -> {
      if (swapped) {
        exchange();
        swapped = false;
      }
    };
  }

  private void requireOut() {
    Require.that(!swapped, "snapshot", "used while it is in the network", "before or after");
  }

  private void exchange() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      exchange(weights.values(), values);
      weights.buffers().forEach((name, buffer) -> exchange(buffer.data(), buffers.get(name)));
    }
  }

  private static void exchange(Tensor one, Tensor other) {
    Tensor kept = one.clone();
    one.copy_(other);
    other.copy_(kept);
  }

  @Override
  public void save(StateWriter out) {
    requireOut();
    out.tensor("values", values);
    buffers.forEach((name, buffer) -> out.tensor("buffer." + name, buffer));
  }

  @Override
  public void restore(StateReader in) {
    in.into("values", values);
    buffers.forEach((name, buffer) -> in.into("buffer." + name, buffer));
  }

  @Override
  public void close() {
    values.close();
    buffers.values().forEach(Tensor::close);
  }
}
