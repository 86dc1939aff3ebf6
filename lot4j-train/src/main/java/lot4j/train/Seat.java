package lot4j.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Census;
import lot4j.DataStream;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Work;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import lot4j.distributed.SharedDescent;
import lot4j.optim.Descender;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A learner's place in a run: its name, its weights, what moves them, and all of its state.
 *
 * @param name {@code teacher}, {@code student0}, …
 * @param model its network
 * @param census its size
 * @param weights its parameters and buffers
 * @param descender its optimizer at work
 * @param learner how it is asked and taught
 * @param randomness its dropout streams, if it has dropout
 * @param shared what makes its steps those of several processes, if there are several
 */
record Seat(
    String name,
    Model model,
    Census census,
    Weights weights,
    Descender descender,
    Learner learner,
    Optional<EngineRandomness> randomness,
    Optional<SharedDescent> shared)
    implements Stateful, AutoCloseable {

  /** Weights and buffers by their names in a PyTorch {@code state_dict}. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>(weights.parameters());
    all.putAll(weights.buffers());
    return all;
  }

  /** Takes the weights of a checkpoint, and the averages that it is judged by, not the rest. */
  void recall(Checkpoint checkpoint) {
    checkpoint.restoreLearner(name, tensors());
    if (descender.optimizer().averaging().isPresent()) {
      descender.restore(checkpoint.state().section(name).section("optimizer"));
    }
  }

  /** Keeps weights and statistics that a huge step has made infinite out of every checkpoint. */
  void requireFinite() {
    requireFinite("a weight", weights.values());
    weights.buffers().forEach(this::requireFinite);
  }

  private void requireFinite(String what, Tensor values) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      if (values.is_floating_point() && !Double.isFinite(values.sum().item_double())) {
        throw new DivergedException(name + ": " + what + " is not finite");
      }
    }
  }

  double flops() {
    return learner.work().flops(census.forwardFlops());
  }

  @Override
  public void save(StateWriter out) {
    descender.save(out.section("optimizer"));
    saveOwn(out);
  }

  /** What differs between processes that train together: dropout, work done, carried memory. */
  void saveOwn(StateWriter out) {
    randomness.ifPresent(streams -> streams.save(out.section("randomness")));
    Work work = learner.work();
    out.number("forward", work.forward());
    out.number("backward", work.backward());
    out.number("steps", work.steps());
    for (DataStream stream : DataStream.values()) {
      List<Tensor> memory = learner.memory(stream).read();
      out.number("memory." + stream + ".size", memory.size());
      for (int i = 0; i < memory.size(); i++) {
        out.tensor("memory." + stream + "." + i, memory.get(i));
      }
    }
  }

  @Override
  public void restore(StateReader in) {
    restoreShared(in);
    restoreOwn(in);
  }

  /** Takes back what is the same in all processes that train together. */
  void restoreShared(StateReader in) {
    descender.restore(in.section("optimizer"));
  }

  /** Takes back what {@link #saveOwn} wrote. */
  void restoreOwn(StateReader in) {
    randomness.ifPresent(streams -> streams.restore(in.section("randomness")));
    learner.resumeFrom(new Work(in.number("forward"), in.number("backward"), in.number("steps")));
    for (DataStream stream : DataStream.values()) {
      Memory memory = learner.memory(stream);
      memory.clear();
      List<Tensor> kept = new ArrayList<>();
      for (long i = 0; i < in.number("memory." + stream + ".size"); i++) {
        kept.add(in.tensor("memory." + stream + "." + i));
      }
      if (!kept.isEmpty()) {
        memory.write(kept);
      }
    }
  }

  @Override
  public void close() {
    learner.close();
    randomness.ifPresent(EngineRandomness::close);
    shared.ifPresent(SharedDescent::close);
    descender.close();
    weights.close();
  }
}
