package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
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
import org.bytedeco.pytorch.TensorVector;

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

  /** A pass's rollout in its order, minibatch by minibatch; owned by the stream. */
  private record Pass(
      TensorVector observations,
      TensorVector actions,
      TensorVector logProbabilities,
      TensorVector advantages,
      TensorVector returns,
      TensorVector values) {
    /** A minibatch's own handles, which outlive the pass. */
    Experience experience(int number) {
      return new Experience(
          own(actions, number),
          own(logProbabilities, number),
          own(advantages, number),
          own(returns, number),
          own(values, number));
    }

    Tensor observations(int number) {
      return own(observations, number);
    }

    private static Tensor own(TensorVector each, int number) {
      return new Tensor(each.get(number));
    }

    void close() {
      observations.close();
      actions.close();
      logProbabilities.close();
      advantages.close();
      returns.close();
      values.close();
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
    Pass all = pass.orElseThrow();
    for (int from = within * stepSize(); from < end; from += batchSize) {
      int number = from / batchSize;
      batches.add(
          Minibatch.of(
              rollout.observations().seen(all.observations(number)),
              all.experience(number),
              first && batches.isEmpty() ? rollout.size() : 0));
    }
    return batches;
  }

  /** Lays the rollout out in the pass's order. */
  private void arrange() {
    pass.ifPresent(Pass::close);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor indices = tensor(permutation);
      Experience timely = rollout.experience();
      pass =
          Optional.of(
              new Pass(
                  cut(rollout.observations().stored(), indices),
                  cut(timely.actions(), indices),
                  cut(timely.logProbabilities(), indices),
                  cut(timely.advantages(), indices),
                  cut(timely.returns(), indices),
                  cut(timely.values(), indices)));
    }
  }

  private TensorVector cut(Tensor rows, Tensor indices) {
    return rows.index_select(0, indices).split(batchSize).retainReference();
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
