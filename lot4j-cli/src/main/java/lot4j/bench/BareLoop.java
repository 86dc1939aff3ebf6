package lot4j.bench;

import static org.bytedeco.pytorch.global.torch.cross_entropy;

import lot4j.Descent;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Network;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.optim.Optimizer;
import lot4j.optim.Sgd;
import lot4j.optim.Weights;
import lot4j.random.Streams;
import lot4j.task.ImageBatch;
import lot4j.task.PreparedImages;
import lot4j.train.BatchSource;
import lot4j.train.Threads;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;

/**
 * The loop that one would write by hand around the engine: same network, same batches, same
 * arithmetic as teacher-only training; no trainer, no method, no learner, nothing counted, nothing
 * checked. Images a second.
 */
final class BareLoop implements Variant {
  /** Whose optimizer moves the weights. */
  enum Mover {
    /** The engine's, parameter by parameter. */
    ENGINE,
    /** That of a trained run, on flat weights. */
    OWN
  }

  private final String name;
  private final int threads;
  private final PointerScope scope = new PointerScope();
  private final PreparedImages prepared;
  private final Network network;
  private final BatchSource<ImageBatch> batches;
  private final Memory memory = new Memory();
  private final Runnable zero;
  private final Runnable move;
  private final AutoCloseable owned;

  BareLoop(Workload workload, GeneratedImages images, Mover mover) {
    this.name = workload.name();
    this.threads = workload.threads();
    RunConfig config = workload.config(Catalog.load());
    this.prepared = GeneratedImages.prepare(images.directory(), config);
    Model model = config.teacher().spec().build(prepared.input(), prepared.outputs());
    model.module().train(true);
    this.network = config.execution().precision().around(model);
    this.batches =
        prepared.taskStream(
            Learner.of(model, Descent.none()),
            config.batching().batchSize(),
            1,
            new Streams(config.seed()));
    Sgd sgd = (Sgd) config.optimization().optimizer();
    if (mover == Mover.OWN) {
      Weights weights = Weights.of(model.module());
      Optimizer optimizer = sgd.over(weights);
      this.zero = weights::zeroGrad;
      this.move = () -> optimizer.step(sgd.lr());
      this.owned =
          () -> {
            optimizer.close();
            weights.close();
          };
    } else {
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
      ImageBatch batch = batches.next().get(0);
      zero.run();
      Tensor logits = network.forward(batch.images(), memory).logits();
      cross_entropy(logits, batch.labels().orElseThrow()).backward();
      move.run();
      return batch.size();
    }
  }

  @Override
  public void close() {
    try {
      owned.close();
    } catch (Exception e) { // AutoCloseable declares no narrower one
      throw new IllegalStateException(name + ": cannot be closed", e);
    }
    prepared.close();
    scope.close();
  }
}
