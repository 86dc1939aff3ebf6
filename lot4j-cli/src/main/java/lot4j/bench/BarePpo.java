package lot4j.bench;

import static org.bytedeco.pytorch.global.torch.maximum;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.optim.Optimizer;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.Weights;
import lot4j.random.Streams;
import lot4j.rl.Experience;
import lot4j.rl.Minibatch;
import lot4j.rl.Policies;
import lot4j.rl.PpoConfig;
import lot4j.rl.PreparedRl;
import lot4j.train.BatchSource;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The updates of one rollout as one would write them by hand around the engine, on minibatches that
 * are there already: network, loss, backward pass, clipping, optimizer; nothing observed, counted
 * or checked.
 */
final class BarePpo implements AutoCloseable {
  private final PointerScope scope = new PointerScope();
  private final PreparedRl prepared;
  private final PpoConfig ppo;
  private final OptimizerSpec spec;
  private final Model model;
  private final Memory memory = new Memory();
  private final Weights weights;
  private final Optimizer optimizer;
  private final List<Minibatch> batches = new ArrayList<>();

  BarePpo(Workload workload) {
    RunConfig config = workload.config(Catalog.load());
    this.prepared = (PreparedRl) Repeated.prepared(config, Path.of(""));
    this.ppo = (PpoConfig) config.sections().getOrDefault("ppo", PpoConfig.standard());
    this.spec = config.optimization().optimizer();
    this.model = prepared.build(config.teacher().spec());
    record(config);
    this.weights = Weights.of(model.module());
    this.optimizer = spec.over(weights);
  }

  /** Keeps the minibatches of one rollout. */
  private void record(RunConfig config) {
    try (BatchSource<Minibatch> stream =
        prepared.taskStream(
            Learner.of(model, Descent.none()),
            config.batching().batchSize(),
            1,
            new Streams(config.seed()))) {
      for (long i = 0; i < Repeated.cycle(config, prepared); i++) {
        Minibatch batch = stream.next().get(0);
        Experience from = batch.experience().orElseThrow();
        batches.add(
            Minibatch.of(
                batch.observations().clone(),
                new Experience(
                    from.actions().clone(),
                    from.logProbabilities().clone(),
                    from.advantages().clone(),
                    from.returns().clone(),
                    from.values().clone()),
                batch.taken()));
      }
    }
  }

  /** Updates of a rollout. */
  int count() {
    return batches.size();
  }

  /** Makes them. */
  void updates() {
    for (Minibatch batch : batches) {
      try (PointerScope inner = new PointerScope()) {
        weights.zeroGrad();
        loss(model.forward(batch.observations(), memory), batch.experience().orElseThrow())
            .backward();
        BareLoop.moved(spec, weights, optimizer);
      }
    }
  }

  private Tensor loss(Output output, Experience from) {
    Policies.Judgement now = Policies.judge(output.distribution(), from.actions());
    Tensor ratio = now.logProbability().sub(from.logProbabilities()).exp();
    Tensor advantages = from.advantages();
    Tensor cost =
        advantages.sub(advantages.mean()).div(advantages.std().add(new Scalar(1e-8))).neg();
    Tensor policy =
        maximum(cost.mul(ratio), cost.mul(between(ratio, 1 - ppo.clip(), 1 + ppo.clip()))).mean();
    Tensor value = output.extras().get("value");
    Tensor error = value.sub(from.returns()).square();
    if (ppo.valueClip().isPresent()) {
      double most = ppo.valueClip().get();
      Tensor near = from.values().add(between(value.sub(from.values()), -most, most));
      error = maximum(error, near.sub(from.returns()).square());
    }
    return policy
        .add(error.mean().mul(new Scalar(0.5 * ppo.valueCoefficient())))
        .sub(now.entropy().mean().mul(new Scalar(ppo.entropy())));
  }

  private static Tensor between(Tensor x, double low, double high) {
    return x.clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
  }

  @Override
  public void close() {
    optimizer.close();
    weights.close();
    prepared.close();
    scope.close();
  }
}
