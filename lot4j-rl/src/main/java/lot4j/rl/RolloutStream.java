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
import lot4j.train.Portion;
import lot4j.train.Task;
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
 *
 * <p>Of several processes each has a stream of its own; a minibatch is the union of theirs. Where
 * advantages are normalised, it is over the whole of it, and how far the policy has moved is the
 * mean over the processes, so that all pass over the same steps.
 */
final class RolloutStream implements BatchSource<Minibatch> {
  private final Rollout rollout;
  private final PpoConfig config;
  private final int batchSize;
  private final int accumulate;
  private final RandomStream order;
  private final Players players;
  private Optional<StateMemory> memory = Optional.empty();
  private int position;
  private boolean moved;
  private int[] permutation = {};
  private Optional<Pass> pass = Optional.empty();
  private List<Minibatch> last = List.of();
  private double[] restored = {}; // how far the last step before a checkpoint moved the policy

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
      Rollout rollout,
      PpoConfig config,
      int batchSize,
      int accumulate,
      RandomStream order,
      Players players) {
    this.rollout = rollout;
    this.config = config;
    this.batchSize = batchSize;
    this.accumulate = accumulate;
    this.order = order;
    this.players = players;
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
      restored = new double[0];
    }
    moved = moved || movedFar(drifts());
    restored = new double[0];
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

  @Override
  public Portion<Minibatch> portion(Task<Minibatch> task) {
    return Portion.alike(task, next(), players.size());
  }

  /**
   * How far each minibatch of the last step found the policy from the rollout's, in this process.
   */
  private double[] drifts() {
    return last.isEmpty() ? restored : last.stream().mapToDouble(Minibatch::drift).toArray();
  }

  private boolean movedFar(double[] drifts) {
    if (config.targetKl().isEmpty() || drifts.length == 0) {
      return false;
    }
    double most = config.targetKl().get();
    return Arrays.stream(players.sums(drifts)).anyMatch(sum -> sum / players.size() > most);
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

  /** Lays the rollout out in the pass's order; all processes do, for they normalise together. */
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
                  advantages(timely.advantages().index_select(0, indices)),
                  cut(timely.returns(), indices),
                  cut(timely.values(), indices)));
    }
  }

  private TensorVector cut(Tensor rows, Tensor indices) {
    return cut(rows.index_select(0, indices));
  }

  private TensorVector cut(Tensor ordered) {
    return ordered.split(batchSize).retainReference();
  }

  /** Alone {@link Ppo} normalises, minibatch by minibatch; here it has to be over all processes. */
  private TensorVector advantages(Tensor ordered) {
    boolean here = players.size() > 1 && config.normalizeAdvantages();
    return cut(here ? tensor(normalised(Choices.floats(ordered))) : ordered);
  }

  /** All minibatches of a pass at once: one sum over the processes for all of them. */
  private float[] normalised(float[] advantages) {
    int batches = (advantages.length + batchSize - 1) / batchSize;
    double[] moments = new double[2 * batches];
    for (int i = 0; i < advantages.length; i++) {
      moments[i / batchSize] += advantages[i];
      moments[batches + i / batchSize] += (double) advantages[i] * advantages[i];
    }
    double[] all = players.sums(moments);
    float[] normalised = new float[advantages.length];
    for (int i = 0; i < advantages.length; i++) {
      int batch = i / batchSize;
      int from = batch * batchSize;
      double n = (double) players.size() * (Math.min(advantages.length, from + batchSize) - from);
      double mean = all[batch] / n;
      double variance = Math.max(0, (all[batches + batch] - n * mean * mean) / (n - 1));
      normalised[i] = (float) ((advantages[i] - mean) / (Math.sqrt(variance) + Ppo.EPSILON));
    }
    return normalised;
  }

  @Override
  public Map<String, Double> report() {
    return rollout.report();
  }

  @Override
  public void save(StateWriter out) {
    out.number("position", position);
    out.number("moved", moved ? 1 : 0);
    double[] drifts = drifts();
    if (drifts.length > 0 && config.targetKl().isPresent()) {
      out.tensor("drifts", tensor(drifts)); // this process's own: all decide at the next step
    }
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
    restored = in.has("drifts") ? doubles(in.tensor("drifts")) : new double[0];
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

  private static double[] doubles(Tensor numbers) {
    double[] read = new double[Math.toIntExact(numbers.numel())];
    numbers.data_ptr_double().get(read);
    return read;
  }

  @Override
  public void close() {
    pass.ifPresent(Pass::close);
    pass = Optional.empty();
    rollout.close();
  }
}
