package lot4j;

import static org.bytedeco.pytorch.global.torch.backward;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * A network with the means to learn: its optimizer, its memory of each stream, and the rules by
 * which it answers when it is only asked.
 *
 * <p>There are three ways to ask it. {@link #study} is its own learning: gradient, train mode,
 * running statistics move. {@link #answer} serves another learner's loss: a constant. {@link
 * #rehearse} is the teacher on a batch that is not its task's: gradient, but otherwise as for
 * {@code answer}. In the last two the running statistics (all buffers) stay as they are, whatever
 * the {@link ReferenceMode}; this needs a {@link Model}. A learner made from a bare function has no
 * modes to switch: it answers as the function does.
 */
public final class Learner implements AutoCloseable {
  private final Network network;
  private final Optional<Model> model;
  private final Descent descent;
  private final ReferenceMode referenceMode;
  private final Randomness randomness;
  private final ToLongFunction<Tensor> samples;
  private final Map<DataStream, Memory> memories = new EnumMap<>(DataStream.class);
  private long forward;
  private long backward;
  private long pending;
  private long steps;

  private Learner(
      Network network,
      Optional<Model> model,
      Descent descent,
      ReferenceMode referenceMode,
      Randomness randomness,
      ToLongFunction<Tensor> samples) {
    this.network = network;
    this.model = model;
    this.descent = descent;
    this.referenceMode = referenceMode;
    this.randomness = randomness;
    this.samples = samples;
    for (DataStream stream : DataStream.values()) {
      memories.put(stream, new Memory());
    }
  }

  /** A learner around a bare function; the caller keeps it in train mode. */
  public static Learner of(Network network, Descent descent) {
    return new Learner(
        network,
        Optional.empty(),
        descent,
        ReferenceMode.TRAIN,
        Randomness.global(),
        inputs -> inputs.size(0));
  }

  /** A learner around a model, which starts in train mode. */
  public static Learner of(Model model, Descent descent) {
    model.mode(true);
    return new Learner(
        model,
        Optional.of(model),
        descent,
        ReferenceMode.TRAIN,
        Randomness.global(),
        inputs -> inputs.size(0));
  }

  /** The same learner, answering in {@code mode} when it is only asked. */
  public Learner withReferenceMode(ReferenceMode mode) {
    return new Learner(network, model, descent, mode, randomness, samples);
  }

  /** The same learner, drawing its dropout from {@code source}. */
  public Learner withRandomness(Randomness source) {
    return new Learner(network, model, descent, referenceMode, source, samples);
  }

  /** The same learner, counting its work by {@code count} samples a batch of inputs. */
  public Learner withSamples(ToLongFunction<Tensor> count) {
    return new Learner(network, model, descent, referenceMode, randomness, count);
  }

  /**
   * The same learner calling {@code around} instead of the bare network, for instance to compute in
   * lower precision.
   */
  public Learner withNetwork(Network around) {
    return new Learner(around, model, descent, referenceMode, randomness, samples);
  }

  /** The network as this learner calls it. */
  public Network network() {
    return network;
  }

  /** The model, unless this learner was made from a bare function. */
  public Optional<Model> model() {
    return model;
  }

  /** What this learner carries along {@code stream}. */
  public Memory memory(DataStream stream) {
    return memories.get(stream);
  }

  /** Forgets what it carries along every stream. */
  public void forget() {
    memories.values().forEach(Memory::clear);
  }

  /** Its answer as the one who learns from it: gradient, train mode, statistics move. */
  public Output study(Tensor inputs, DataStream stream) {
    count(inputs, true);
    return randomness.draw(Randomness.Role.LEARNER, () -> network.forward(inputs, memory(stream)));
  }

  /** The same for a batch of a task or of the students' stream, which may begin that stream. */
  public Output study(Exercise batch, DataStream stream) {
    return study(beginning(batch, stream), stream);
  }

  /** Its answer as a reference for another: constant, statistics stay. */
  public Output answer(Tensor inputs, DataStream stream) {
    count(inputs, false);
    try (NoGradGuard constant = new NoGradGuard()) {
      return asReference(inputs, stream);
    }
  }

  /**
   * The same without being counted as work: for the rare question of which no plan can know the
   * number, as when an episode is cut off.
   */
  public Output peek(Tensor inputs, DataStream stream) {
    try (NoGradGuard constant = new NoGradGuard()) {
      return asReference(inputs, stream);
    }
  }

  /** The same for a batch that may begin its stream. */
  public Output answer(Exercise batch, DataStream stream) {
    return answer(beginning(batch, stream), stream);
  }

  /** Its answer on a batch that is not its task's: gradient, statistics stay. */
  public Output rehearse(Tensor inputs, DataStream stream) {
    count(inputs, true);
    return asReference(inputs, stream);
  }

  /** The same for a batch that may begin its stream. */
  public Output rehearse(Exercise batch, DataStream stream) {
    return rehearse(beginning(batch, stream), stream);
  }

  /** Sets the gradients to zero. */
  public void zeroGrad() {
    descent.zeroGrad();
  }

  /** Adds the gradient of {@code loss}, shape [], to what was gathered. */
  public void accumulate(Tensor loss) {
    accumulate(loss, false);
  }

  /**
   * The same, and says whether more will come. Nothing depends on it but speed, where several
   * processes train together.
   *
   * @param last whether this is the last gradient before the next {@link #step}
   */
  public void accumulate(Tensor loss, boolean last) {
    gather(() -> loss.backward(), last);
  }

  /**
   * The same from gradients that were worked out by hand: the engine differentiates what lies
   * before the {@code roots}.
   *
   * @param roots its answer, or what that was made of, with their graphs
   * @param gradients of the loss in the roots, each of its root's shape
   */
  void accumulate(TensorVector roots, TensorVector gradients, boolean last) {
    gather(() -> backward(roots, gradients, new BoolOptional(), false, new TensorVector()), last);
  }

  private void gather(Runnable pass, boolean last) {
    descent.gather(pass, last);
    backward += pending;
    pending = 0;
  }

  /** Moves the parameters along the gathered gradient. */
  public void step() {
    descent.step();
    steps++;
  }

  /** One whole step on {@code loss}: zero, backward, step. */
  public void descend(Tensor loss) {
    zeroGrad();
    accumulate(loss, true);
    step();
  }

  /** What it has computed so far. */
  public Work work() {
    return new Work(forward, backward, steps);
  }

  /** Continues counting from {@code done}, after a restored checkpoint. */
  public void resumeFrom(Work done) {
    forward = done.forward();
    backward = done.backward();
    steps = done.steps();
    pending = 0;
  }

  @Override
  public void close() {
    memories.values().forEach(Memory::close);
  }

  private Tensor beginning(Exercise batch, DataStream stream) {
    if (batch.begins()) {
      memory(stream).clear();
    }
    return batch.inputs();
  }

  private void count(Tensor inputs, boolean differentiated) {
    long n = samples.applyAsLong(inputs);
    forward += n;
    if (differentiated) {
      pending += n;
    }
  }

  private Output asReference(Tensor inputs, DataStream stream) {
    if (model.isEmpty()) {
      return randomness.draw(
          Randomness.Role.REFERENCE, () -> network.forward(inputs, memory(stream)));
    }
    Module module = model.get().module();
    if (referenceMode == ReferenceMode.EVAL) {
      model.get().mode(false);
      try {
        return network.forward(inputs, memory(stream));
      } finally {
        model.get().mode(true);
      }
    }
    TensorVector buffers = module.buffers();
    List<Tensor> before = new ArrayList<>();
    for (long i = 0; i < buffers.size(); i++) {
      before.add(buffers.get(i).data().clone());
    }
    try {
      return randomness.draw(
          Randomness.Role.REFERENCE, () -> network.forward(inputs, memory(stream)));
    } finally {
      // Through data(): the graph of a rehearsal must not take the restored buffers for changed.
      for (int i = 0; i < before.size(); i++) {
        buffers.get(i).data().copy_(before.get(i));
      }
    }
  }
}
