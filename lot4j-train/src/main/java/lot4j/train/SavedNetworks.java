package lot4j.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.StateReader;
import lot4j.config.RunConfig;
import lot4j.method.MethodSpec;
import lot4j.optim.Average;
import lot4j.optim.Ema;
import lot4j.optim.Optimizer;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.Weights;
import org.bytedeco.pytorch.Tensor;

/** The learners of a checkpoint, without optimizer, streams and data; they are only asked. */
final class SavedNetworks implements AutoCloseable {
  private static final String TEACHER = "teacher";

  private final Path directory;
  private final RunConfig config;
  private final MethodSpec method;
  private final RunFiles files;
  private final Checkpoint checkpoint;
  private final Map<String, Network> networks = new LinkedHashMap<>();
  private final Map<String, SavedRun.State> states = new LinkedHashMap<>();
  private final List<Weights> owned = new ArrayList<>();

  /** Call it without gradients, in a scope that outlives the result. */
  SavedNetworks(
      Path directory, RunConfig config, MethodSpec method, RunFiles files, Checkpoint checkpoint) {
    this.directory = directory;
    this.config = config;
    this.method = method;
    this.files = files;
    this.checkpoint = checkpoint;
    add(TEACHER, config.teacher().spec(), config.optimization().optimizer());
    for (int i = 0; i < config.students().size(); i++) {
      String name = "student" + i;
      if (checkpoint.learners().contains(name)) {
        add(name, config.students().get(i).spec(), config.optimization().studentOptimizer());
      }
    }
  }

  SavedRun run() {
    return new SavedRun(
        directory, config, checkpoint.step(), files.input(), files.outputs(), networks, states);
  }

  private void add(String name, ModelSpec spec, OptimizerSpec optimizer) {
    Model model =
        Frozen.as(
            name,
            config,
            config.task().spec().rebuild(spec, directory, files.input(), files.outputs()));
    Network network = Devices.placed(model, config.execution());
    Weights weights = Weights.of(model.module());
    owned.add(weights);
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.parameters());
    tensors.putAll(weights.buffers());
    checkpoint.restoreLearner(name, tensors);
    boolean averaged = average(name, weights, optimizer);
    states.put(name, new SavedRun.State(tensors, weights.count(), averaged));
    model.module().eval();
    networks.put(name, network);
  }

  /**
   * As {@link Averages}: the teacher's moving average, else its optimizer's; whether one is kept.
   */
  private boolean average(String name, Weights weights, OptimizerSpec spec) {
    Optional<Average> kept = name.equals(TEACHER) ? teachers(weights) : Optional.empty();
    if (kept.isPresent()) {
      try (Average average = kept.get()) {
        average.restore(checkpoint.state().section("ema"));
        average.swapIn(); // for good: these networks are only asked
      }
      return true;
    }
    try (Optimizer optimizer = spec.over(weights)) {
      if (optimizer.averaging().isPresent()) {
        StateReader descent = checkpoint.state().section(name).section("optimizer");
        optimizer.restore(descent.section("optimizer"));
        weights.values().copy_(optimizer.averaging().orElseThrow());
      }
      return optimizer.averaging().isPresent();
    }
  }

  private Optional<Average> teachers(Weights weights) {
    return config
        .optimization()
        .ema()
        .<Average>map(decay -> new Ema(weights, decay))
        .or(() -> method.average(weights, 1));
  }

  @Override
  public void close() {
    owned.forEach(Weights::close);
  }
}
