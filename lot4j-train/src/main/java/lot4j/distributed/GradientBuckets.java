package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * A network's gradient in buckets, each of them a contiguous part of the flat one, handed on during
 * the last backward pass of a step as soon as all of its parameters have theirs.
 *
 * <p>Buckets begin with the parameters that the network has last, for the backward pass comes to
 * those first, and are handed on in this order, whichever is ready first: it is the same on every
 * rank. A parameter that the pass does not come to, or a network that is not used at all, is handed
 * on as it is when the pass is done.
 *
 * <p>The engine tells a parameter's gradient before it adds it to what was gathered, and tells
 * nothing afterwards; the next it tells of may be a whole recurrent layer away. So it is added
 * here, at once, and the engine is left to put it where nobody looks: the parameter's own gradient
 * is taken away until the next one comes. The sums are those of the engine, to the bit.
 *
 * <p>For networks on a CPU, whose backward pass runs in the caller's thread. Owns its handles, not
 * the weights; close it before them.
 */
final class GradientBuckets implements AutoCloseable {
  private final List<Leaf> leaves = new ArrayList<>();
  private final List<Bucket> buckets = new ArrayList<>();
  private int handedOn;
  private Optional<Consumer<Tensor>> listener = Optional.empty();
  private Optional<Leaf> outstanding = Optional.empty();
  private Optional<RuntimeException> failure = Optional.empty();

  /** A contiguous part of the gradient. */
  private static final class Bucket {
    private final Tensor part;
    private final int parameters;
    private int missing;

    Bucket(Tensor part, int parameters) {
      this.part = part;
      this.parameters = parameters;
      this.missing = parameters;
    }
  }

  /** A parameter, called whenever its gradient is known. */
  private final class Leaf extends VoidTensorHook {
    private final Tensor parameter;
    private final Tensor gradient;
    private final int bucket;
    private final int registration;
    private boolean arrived;

    Leaf(Tensor parameter, Tensor gradient, int bucket) {
      this.parameter = parameter;
      this.gradient = gradient;
      this.bucket = bucket;
      retainReference();
      this.registration = parameter.register_hook(this);
    }

    @Override
    public void call(TensorBase found) {
      try (found) {
        GradientBuckets.this.found(this, found);
      } catch (RuntimeException e) { // any: it is thrown once the engine's pass is over
        failure = failure.or(() -> Optional.of(e));
      }
    }

    void giveBack() {
      parameter.mutable_grad().put(gradient);
    }

    void remove() {
      parameter.remove_hook(registration);
      close();
      gradient.close();
    }
  }

  private GradientBuckets(Weights weights, Bucketing bucketing) {
    Tensor flat = weights.gradients();
    TreeMap<Long, Tensor> byPlace = new TreeMap<>(); // a tied parameter has two names, one place
    weights.parameters().values().stream()
        .filter(Tensor::requires_grad)
        .forEach(parameter -> byPlace.put(parameter.grad().storage_offset(), parameter));
    List<Map.Entry<Long, Tensor>> expected = new ArrayList<>(byPlace.descendingMap().entrySet());
    List<Long> bytes = new ArrayList<>();
    long end = flat.numel();
    for (Map.Entry<Long, Tensor> each : expected) {
      bytes.add((end - each.getKey()) * flat.itemsize());
      end = each.getKey();
    }
    end = flat.numel();
    int next = 0;
    for (int count : bucketing.counts(bytes)) {
      long from = expected.get(next + count - 1).getKey();
      for (Map.Entry<Long, Tensor> each : expected.subList(next, next + count)) {
        Tensor parameter = each.getValue();
        leaves.add(
            new Leaf(parameter, new Tensor(parameter.grad()).retainReference(), buckets.size()));
      }
      buckets.add(new Bucket(flat.narrow(0, from, end - from).retainReference(), count));
      next += count;
      end = from;
    }
  }

  /** Empty if the gradient is to be added up as a whole. */
  static Optional<GradientBuckets> of(Weights weights, Bucketing bucketing) {
    if (weights.gradients().nbytes() < bucketing.least() || !weights.gradients().is_cpu()) {
      return Optional.empty();
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      return Optional.of(new GradientBuckets(weights, bucketing));
    }
  }

  /**
   * A step's last backward pass.
   *
   * @param handOn takes the buckets in their order, each of them once its gradient is complete
   */
  void backward(Runnable pass, Consumer<Tensor> handOn) {
    requireOpen();
    listener = Optional.of(handOn);
    try {
      pass.run();
    } finally {
      listener = Optional.empty();
      giveBack();
    }
    handOnRest(handOn);
  }

  /** Hands on what has not been, whatever of it was gathered: nothing more comes at this step. */
  void handOnRest(Consumer<Tensor> handOn) {
    failure.ifPresent(
        found -> {
          throw found;
        });
    while (handedOn < buckets.size()) {
      handOn.accept(buckets.get(handedOn++).part);
    }
  }

  /** The step is made; the next one begins. */
  void begin() {
    handedOn = 0;
    buckets.forEach(bucket -> bucket.missing = bucket.parameters);
    leaves.forEach(leaf -> leaf.arrived = false);
  }

  /** Whoever says that a gradient is the last one has to be right. */
  void requireOpen() {
    if (handedOn > 0) {
      throw late();
    }
  }

  private static IllegalStateException late() {
    return new IllegalStateException(
        "gradient: it changes after the one that was said to be the step's last");
  }

  private void found(Leaf leaf, TensorBase found) {
    if (leaf.bucket < handedOn) {
      throw late();
    }
    if (listener.isEmpty()) {
      return; // more will come at this step: the engine gathers it
    }
    giveBack();
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      leaf.gradient.add_(new Tensor(found));
      leaf.parameter.mutable_grad().reset();
    }
    outstanding = Optional.of(leaf);
    if (!leaf.arrived) {
      leaf.arrived = true;
      buckets.get(leaf.bucket).missing--;
    }
    while (handedOn < buckets.size() && buckets.get(handedOn).missing == 0) {
      listener.get().accept(buckets.get(handedOn++).part);
    }
  }

  private void giveBack() {
    outstanding.ifPresent(Leaf::giveBack);
    outstanding = Optional.empty();
  }

  /** How many there are. */
  int size() {
    return buckets.size();
  }

  @Override
  public void close() {
    leaves.forEach(Leaf::remove);
    buckets.forEach(bucket -> bucket.part.close());
  }
}
