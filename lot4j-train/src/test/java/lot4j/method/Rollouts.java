package lot4j.method;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import lot4j.DataStream;
import lot4j.Exercise;
import lot4j.Learner;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.train.BatchSource;
import lot4j.train.Pace;
import lot4j.train.Portion;
import lot4j.train.ReplaySource;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Rows that the teacher answers before it learns from them, in reinforcement learning's rhythm: at
 * the beginning of an epoch {@code acting} answers, then {@code passes} passes in minibatches.
 */
public final class Rollouts implements BatchSource<Toy.Batch> {
  private final Pace pace;
  private final Learner teacher;
  private final Recent recent;
  private final LongPredicate idle;
  private Tensor rows = torch.empty(0, Toy.FEATURES);
  private long step;
  private long told;

  /**
   * A stream.
   *
   * @param recent what students draw from
   * @param idle the steps, numbered from 0, that have nothing to learn
   */
  public Rollouts(Pace pace, Learner teacher, Recent recent, LongPredicate idle) {
    this.pace = pace;
    this.teacher = teacher;
    this.recent = recent;
    this.idle = idle;
  }

  /** What students draw from. */
  public Recent recent() {
    return recent;
  }

  @Override
  public List<Toy.Batch> next() {
    boolean first = step % pace.stepsPerEpoch() == 0;
    if (first) {
      act();
    }
    long perPass = pace.stepsPerEpoch() / pace.passes();
    long from = step % perPass * pace.step();
    long end = from + pace.samples(step);
    if (idle.test(step++)) {
      return List.of();
    }
    List<Toy.Batch> batches = new ArrayList<>();
    for (long at = from; at < end; at += pace.batch()) {
      Tensor inputs = rows.narrow(0, at, Math.min(pace.batch(), end - at));
      long taken = first && at == from ? pace.epoch() : 0;
      batches.add(new Toy.Batch(inputs, labels(inputs), taken));
    }
    return batches;
  }

  private void act() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(step);
      Tensor met = torch.randn(pace.acting(), Toy.FEATURES);
      teacher.answer(Exercise.of(met), DataStream.TASK);
      rows = met.narrow(0, 0, pace.epoch()).clone().retainReference();
      recent.add(rows);
    }
  }

  private static Tensor labels(Tensor inputs) {
    return inputs.select(1, 0).gt(new Scalar(0)).to(torch.ScalarType.Long);
  }

  /** How many rollouts began since the last call. */
  @Override
  public Map<String, Double> report() {
    long begun = (step + pace.stepsPerEpoch() - 1) / pace.stepsPerEpoch();
    double since = begun - told;
    told = begun;
    return Map.of("rollouts", since);
  }

  @Override
  public void save(StateWriter out) {
    out.number("step", step);
    out.number("told", told);
    out.tensor("rows", rows);
  }

  @Override
  public void restore(StateReader in) {
    step = in.number("step");
    told = in.number("told");
    rows = in.tensor("rows").clone().retainReference();
  }

  /** The latest rows of all rollouts, given from the oldest on, round and round. */
  public static final class Recent implements ReplaySource<Toy.Batch> {
    /** Rows of every step that was drawn. */
    public final List<Long> drawn = new ArrayList<>();

    private final Pace pace;
    private final long states;
    private Tensor rows = torch.empty(0, Toy.FEATURES);
    private long step;

    public Recent(Pace pace, long states) {
      this.pace = pace;
      this.states = states;
    }

    void add(Tensor further) {
      Tensor all = torch.cat(new TensorVector(rows, further), 0);
      long kept = Math.min(states, all.size(0));
      rows = all.narrow(0, all.size(0) - kept, kept).clone().retainReference();
    }

    @Override
    public List<Toy.Batch> next() {
      long n = pace.samples(step++);
      drawn.add(n);
      return batches(rows.narrow(0, 0, n));
    }

    private List<Toy.Batch> batches(Tensor of) {
      List<Toy.Batch> batches = new ArrayList<>();
      for (long at = 0; at < of.size(0); at += pace.batch()) {
        Tensor inputs = of.narrow(0, at, Math.min(pace.batch(), of.size(0) - at)).clone();
        batches.add(new Toy.Batch(inputs, labels(inputs)));
      }
      return batches;
    }

    @Override
    public Iterator<Portion<Toy.Batch>> pass(Task<Toy.Batch> task) {
      long size = rows.size(0);
      return new Iterator<>() {
        private long at;

        @Override
        public boolean hasNext() {
          return at < size;
        }

        @Override
        public Portion<Toy.Batch> next() {
          long n = Math.min(pace.step(), size - at);
          at += n;
          return Portion.whole(task, batches(rows.narrow(0, at - n, n)));
        }
      };
    }

    @Override
    public void save(StateWriter out) {
      out.number("step", step);
      out.tensor("rows", rows);
    }

    @Override
    public void restore(StateReader in) {
      step = in.number("step");
      rows = in.tensor("rows").clone().retainReference();
    }
  }
}
