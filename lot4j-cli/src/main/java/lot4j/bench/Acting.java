package lot4j.bench;

import java.nio.file.Path;
import java.util.Map;
import lot4j.Descent;
import lot4j.Distribution;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.random.Streams;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.Minibatch;
import lot4j.rl.PreparedRl;
import lot4j.rl.ReinforcementLearning;
import lot4j.train.BatchSource;
import lot4j.train.Split;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** PPO's stream of minibatches from which nobody learns: acting, recording, handing out. */
final class Acting implements AutoCloseable {
  private final PointerScope scope = new PointerScope();
  private final PreparedRl prepared;
  private final ReinforcementLearning task;
  private final BatchSource<Minibatch> batches;
  private final long cycle;

  /**
   * A stream at its beginning.
   *
   * @param free whether the policy is a constant, all actions alike, that costs nothing
   */
  Acting(Workload workload, boolean free) {
    RunConfig config = workload.config(Catalog.load());
    this.prepared = (PreparedRl) Repeated.prepared(config, Path.of(""));
    this.task = prepared.spec();
    this.cycle = Repeated.cycle(config, prepared);
    Learner teacher =
        free
            ? Learner.of(new Constant(prepared, task.envs()), Descent.none())
            : Learner.of(prepared.build(config.teacher().spec()), Descent.none());
    this.batches =
        prepared.taskStream(
            teacher,
            config.batching().batchSize(),
            config.batching().accumulate(),
            new Streams(config.seed()));
  }

  /** Agent steps of a rollout. */
  int steps() {
    return task.envs() * task.rollout();
  }

  /** How often all environments move in a rollout. */
  int moves() {
    return task.rollout();
  }

  /** Makes a rollout and hands out all its minibatches. */
  void rollout() {
    for (long i = 0; i < cycle; i++) {
      try (PointerScope inner = new PointerScope()) {
        batches.next();
      }
    }
  }

  @Override
  public void close() {
    batches.close();
    prepared.close();
    scope.close();
  }

  /** Says the same of whatever it sees. */
  private static final class Constant implements Network {
    private final boolean numbers;
    private final long outputs;
    private final Output usual;
    private final long rows;

    Constant(PreparedRl prepared, long rows) {
      this.numbers = numbers(prepared);
      this.outputs = prepared.outputs();
      this.rows = rows;
      this.usual = zeros(rows);
    }

    private static boolean numbers(PreparedRl prepared) {
      try (Environment one = prepared.spec().environment().make(Split.TRAIN)) {
        return one.spaces().action() instanceof ActionSpace.Box;
      }
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      long asked = inputs.size(0);
      return asked == rows ? usual : zeros(asked);
    }

    private Output zeros(long count) {
      Tensor zeros = torch.zeros(count, outputs);
      Distribution distribution =
          numbers
              ? new Distribution.DiagonalNormal(zeros, torch.zeros(outputs))
              : new Distribution.Categorical(zeros);
      return new Output(distribution, Map.of("value", torch.zeros(count)));
    }
  }
}
