package lot4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Memory;
import lot4j.Output;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The batches of another stream, each with what a frozen network says about it. The network carries
 * a memory of its own along the stream, and its work is counted here: it is no learner's.
 */
final class ImitationStream<B> implements BatchSource<Demonstration<B>> {
  private final BatchSource<B> batches;
  private final Task<B> task;
  private final FrozenNetwork frozen;
  private final Memory memory = new Memory();
  private long answered;

  ImitationStream(BatchSource<B> batches, Task<B> task, FrozenNetwork frozen) {
    this.batches = batches;
    this.task = task;
    this.frozen = frozen;
  }

  @Override
  public List<Demonstration<B>> next() {
    return shown(batches.next());
  }

  /** What batches weigh is the task's affair, and the same with another network's answers. */
  @Override
  public Portion<Demonstration<B>> portion(Task<Demonstration<B>> imitating) {
    Portion<B> own = batches.portion(task);
    return new Portion<>(shown(own.batches()), own.shares(), own.samples(), own.taken());
  }

  private List<Demonstration<B>> shown(List<B> asked) {
    List<Demonstration<B>> shown = new ArrayList<>();
    for (B batch : asked) {
      shown.add(new Demonstration<>(batch, answer(batch)));
    }
    return shown;
  }

  private Output answer(B batch) {
    Exercise exercise = task.exercise(batch);
    if (exercise.begins()) {
      memory.clear();
    }
    answered += task.samples(batch);
    try (NoGradGuard constant = new NoGradGuard()) {
      return frozen.network().forward(exercise.inputs(), memory).constant();
    }
  }

  @Override
  public Map<String, Double> report() {
    return batches.report();
  }

  @Override
  public double flops() {
    return (double) answered * frozen.forwardFlops();
  }

  @Override
  public void save(StateWriter out) {
    batches.save(out.section("batches"));
    out.number("answered", answered);
    List<Tensor> carried = memory.read();
    out.number("memory." + DataStream.TASK + ".size", carried.size());
    for (int i = 0; i < carried.size(); i++) {
      out.tensor("memory." + DataStream.TASK + "." + i, carried.get(i));
    }
  }

  @Override
  public void restore(StateReader in) {
    batches.restore(in.section("batches"));
    answered = in.number("answered");
    memory.clear();
    List<Tensor> kept = new ArrayList<>();
    for (long i = 0; i < in.number("memory." + DataStream.TASK + ".size"); i++) {
      kept.add(in.tensor("memory." + DataStream.TASK + "." + i));
    }
    if (!kept.isEmpty()) {
      memory.write(kept);
    }
  }

  @Override
  public void close() {
    memory.close();
    batches.close();
  }
}
