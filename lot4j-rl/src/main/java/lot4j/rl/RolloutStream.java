package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.train.BatchSource;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The teacher's minibatches: a rollout, some passes over it in an order of their own, the next
 * rollout. Owns the rollout.
 *
 * <p>Once the policy has moved further than {@code target-kl}, what is left of the rollout is
 * passed over: its steps come without a batch.
 */
final class RolloutStream implements BatchSource<Minibatch> {
  private final Rollout rollout;
  private final PpoConfig config;
  private final int batchSize;
  private final int accumulate;
  private final RandomStream order;
  private Optional<StateMemory> memory = Optional.empty();
  private int position;
  private boolean moved;
  private int[] permutation = {};
  private Optional<Pass> pass = Optional.empty();
  private List<Minibatch> last = List.of();

  /** A pass's rollout in its order; tensors owned by the stream. */
  private record Pass(Tensor observations, Experience experience) {
    void close() {
      observations.close();
      experience.actions().close();
      experience.logProbabilities().close();
      experience.advantages().close();
      experience.returns().close();
      experience.values().close();
    }
  }

  RolloutStream(
      Rollout rollout, PpoConfig config, int batchSize, int accumulate, RandomStream order) {
    this.rollout = rollout;
    this.config = config;
    this.batchSize = batchSize;
    this.accumulate = accumulate;
    this.order = order;
    this.position = steps();
  }

  /** Copies every rollout's states into {@code states} from now on. */
  void remember(StateMemory states) {
    memory = Optional.of(states);
  }

  private int stepSize() {
    return batchSize * accumulate;
  }

  private int stepsPerPass() {
    return (rollout.size() + stepSize() - 1) / stepSize();
  }

  private int steps() {
    return stepsPerPass() * config.epochs();
  }

  @Override
  public List<Minibatch> next() {
    if (position == steps()) {
      rollout.collect();
      memory.ifPresent(states -> states.add(rollout.observations(), rollout.size()));
      position = 0;
      moved = false;
      last = List.of();
    }
    moved = movedFar();
    int within = position % stepsPerPass();
    if (within == 0 && !moved) {
      permutation = order.permutation(rollout.size());
      arrange();
    }
    boolean first = position == 0;
    position++;
    last = moved ? List.of() : minibatches(within, first);
    return last;
  }

  private boolean movedFar() {
    double most = config.targetKl().orElse(Double.POSITIVE_INFINITY);
    return moved || last.stream().anyMatch(batch -> batch.drift() > most);
  }

  private List<Minibatch> minibatches(int within, boolean first) {
    List<Minibatch> batches = new ArrayList<>();
    int end = Math.min(rollout.size(), (within + 1) * stepSize());
    for (int from = within * stepSize(); from < end; from += batchSize) {
      int rows = Math.min(batchSize, end - from);
      boolean begins = first && batches.isEmpty();
      batches.add(minibatch(pass.orElseThrow(), from, rows, begins ? rollout.size() : 0));
    }
    return batches;
  }

  private Minibatch minibatch(Pass all, int from, int rows, long taken) {
    Experience whole = all.experience();
    return Minibatch.of(
        rollout.observations().seen(all.observations().narrow(0, from, rows)),
        new Experience(
            whole.actions().narrow(0, from, rows),
            whole.logProbabilities().narrow(0, from, rows),
            whole.advantages().narrow(0, from, rows),
            whole.returns().narrow(0, from, rows),
            whole.values().narrow(0, from, rows)),
        taken);
  }

  /** Lays the rollout out in the pass's order. */
  private void arrange() {
    pass.ifPresent(Pass::close);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor indices = tensor(Arrays.stream(permutation).asLongStream().toArray());
      Experience timely = rollout.experience();
      pass =
          Optional.of(
              new Pass(
                  kept(rollout.observations().stored(), indices),
                  new Experience(
                      kept(timely.actions(), indices),
                      kept(timely.logProbabilities(), indices),
                      kept(timely.advantages(), indices),
                      kept(timely.returns(), indices),
                      kept(timely.values(), indices))));
    }
  }

  private static Tensor kept(Tensor rows, Tensor indices) {
    return rows.index_select(0, indices).retainReference();
  }

  @Override
  public Map<String, Double> report() {
    return rollout.report();
  }

  @Override
  public void save(StateWriter out) {
    out.number("position", position);
    out.number("moved", movedFar() ? 1 : 0);
    order.save(out.section("order"));
    rollout.save(out.section("rollout"));
    if (permutation.length > 0) {
      out.tensor("permutation", tensor(permutation));
    }
  }

  @Override
  public void restore(StateReader in) {
    position = Math.toIntExact(in.number("position"));
    moved = in.number("moved") == 1;
    last = List.of();
    order.restore(in.section("order"));
    rollout.restore(in.section("rollout"));
    if (in.has("permutation")) {
      try (PointerScope scope = new PointerScope()) {
        permutation = new int[rollout.size()];
        in.tensor("permutation").data_ptr_int().get(permutation);
      }
      arrange();
    }
  }

  @Override
  public void close() {
    pass.ifPresent(Pass::close);
    pass = Optional.empty();
    rollout.close();
  }
}
