package lot4j.bench;

import static org.bytedeco.pytorch.global.torch.cross_entropy;

import java.nio.file.Path;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Network;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.optim.Optimizer;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.Sgd;
import lot4j.optim.Weights;
import lot4j.random.Streams;
import lot4j.task.ImageBatch;
import lot4j.task.TextBatch;
import lot4j.train.BatchSource;
import lot4j.train.Prepared;
import lot4j.train.Threads;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The loop that one would write by hand around the engine: same network, same batches, same
 * arithmetic as teacher-only training; no trainer, no method, no learner, nothing counted, nothing
 * checked. Images or tokens a second.
 */
final class BareLoop implements Variant {
  /** Whose optimizer moves the weights. */
  enum Mover {
    /** The engine's SGD, parameter by parameter. */
    ENGINE,
    /** That of a trained run, on flat weights. */
    OWN
  }

  private final String name;
  private final int threads;
  private final PointerScope scope = new PointerScope();
  private final Prepared<?> prepared;
  private final Network network;
  private final BatchSource<?> batches;
  private final Memory memory = new Memory();
  private final Runnable zero;
  private final Runnable move;
  private final AutoCloseable owned;

  BareLoop(Workload workload, Path dataDirectory, Mover mover) {
    this.name = workload.name();
    this.threads = workload.threads();
    RunConfig config = workload.config(Catalog.load());
    this.prepared = Repeated.prepared(config, dataDirectory);
    Model model = config.teacher().spec().build(prepared.input(), prepared.outputs());
    model.module().train(true);
    this.network = config.execution().precision().around(model);
    this.batches =
        prepared.taskStream(
            Learner.of(model, Descent.none()),
            config.batching().batchSize(),
            1,
            new Streams(config.seed()));
    OptimizerSpec spec = config.optimization().optimizer();
    if (mover == Mover.OWN) {
      Weights weights = Weights.of(model.module());
      Optimizer optimizer = spec.over(weights);
      this.zero = weights::zeroGrad;
      this.move = () -> moved(spec, weights, optimizer);
      this.owned =
          () -> {
            optimizer.close();
            weights.close();
          };
    } else {
      Sgd sgd = (Sgd) spec;
      SGDOptions options = new SGDOptions(sgd.lr());
      options.momentum().put(sgd.momentum());
      options.nesterov().put(sgd.nesterov());
      options.weight_decay().put(sgd.weightDecay());
      SGD optimizer = new SGD(model.module().parameters(), options);
      this.zero = optimizer::zero_grad;
      this.move = optimizer::step;
      this.owned = optimizer;
    }
  }

  /** Clips, if the optimizer is to, and steps. */
  static void moved(OptimizerSpec spec, Weights weights, Optimizer optimizer) {
    try (NoGradGuard constant = new NoGradGuard()) {
      if (spec.clip().norm().isPresent()) {
        double most = spec.clip().norm().getAsDouble();
        double size = weights.gradients().norm().item_double();
        if (size > most) {
          weights.gradients().mul_(new Scalar(most / (size + 1e-6)));
        }
      }
      optimizer.step(spec.lr());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double round(double seconds) {
    Threads.use(threads);
    return Repeated.rate(seconds, this::step);
  }

  private long step() {
    try (PointerScope inner = new PointerScope()) {
      Object batch = batches.next().get(0);
      zero.run();
      long samples;
      if (batch instanceof ImageBatch images) {
        samples = images.size();
        learn(images.images(), images.labels().orElseThrow());
      } else if (batch instanceof TextBatch text) {
        samples = text.size();
        if (text.begins()) {
          memory.clear();
        }
        learn(text.inputs(), text.targets().orElseThrow());
      } else {
        throw new IllegalStateException(name + ": a batch of an unknown kind, " + batch);
      }
      move.run();
      return samples;
    }
  }

  private void learn(Tensor inputs, Tensor targets) {
    Tensor logits = network.forward(inputs, memory).logits();
    cross_entropy(logits.reshape(-1, logits.size(-1)), targets.reshape(-1)).backward();
  }

  @Override
  public void close() {
    try {
      owned.close();
    } catch (Exception e) { // AutoCloseable declares no narrower one
      throw new IllegalStateException(name + ": cannot be closed", e);
    }
    memory.close();
    prepared.close();
    scope.close();
  }
}
