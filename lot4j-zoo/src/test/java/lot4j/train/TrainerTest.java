package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lot4j.Exercise;
import lot4j.Network;
import lot4j.Output;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointStore;
import lot4j.checkpoint.Safetensors;
import lot4j.config.RunConfig;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop: when it evaluates, what it chooses, how it ends. */
class TrainerTest {
  @TempDir Path temporary;

  private static JsonNode result(Path run) {
    return Runs.json(run.resolve("result.json"));
  }

  @Test
  void evaluatesEveryIntervalAndAtTheEnd() {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL, "budget={updates: 10}", "eval-every=4");
    List<String> lines = new ArrayList<>();
    for (JsonNode line : Runs.metricLines(run)) {
      lines.add(line.get("split").asText() + " " + line.get("step").asLong());
    }
    assertThat(lines)
        .containsExactly(
            "train 4", "valid 4", "train 8", "valid 8", "train 10", "valid 10", "test 10");
  }

  @Test
  void theBestIsChosenAndSaid() {
    Path run = temporary.resolve("run");
    // The rate goes up to where nothing is learnt any more: the last is not the best.
    Outcome outcome =
        Runs.run(
            run,
            Runs.SMALL,
            "budget={updates: 20}",
            "eval-every=2",
            "schedule={kind: constant, warmup: 20}",
            "optimizer={kind: sgd, lr: 10, momentum: 0, nesterov: false}");
    double best = -1;
    long step = -1;
    double last = -1;
    for (JsonNode line : Runs.metricLines(run)) {
      if (line.get("split").asText().equals("valid")) {
        last = line.get("teacher/accuracy").asDouble();
        if (last > best) {
          best = last;
          step = line.get("step").asLong();
        }
      }
    }
    assertThat(last).isLessThan(best);
    assertThat(outcome.selectedStep()).isEqualTo(step);
    assertThat(result(run).get("selected_step").asLong()).isEqualTo(step);
    assertThat(result(run).get("selected_on").asText()).isEqualTo("valid");
    assertThat(result(run).at("/splits/valid/teacher/accuracy").asDouble()).isEqualTo(best);
    assertThat(Runs.text(run.resolve("checkpoints/best")).strip())
        .isEqualTo(String.format("step-%08d.ckpt", step));
  }

  @Test
  void theLastIsChosenWhereThatIsAskedFor() {
    Path run = temporary.resolve("run");
    Outcome outcome = Runs.run(run, Runs.SMALL, "select=last");
    assertThat(outcome.selectedStep()).isEqualTo(12);
    assertThat(result(run).get("selected_on").asText()).isEqualTo("none (last)");
    assertThat(run.resolve("checkpoints/best")).doesNotExist();
  }

  @Test
  void withoutValidationTheLastIsChosen() {
    Path run = temporary.resolve("run");
    Runs.run(run, Runs.SMALL, "task.validation=none", "select=last");
    assertThat(result(run).get("selected_on").asText()).isEqualTo("none (last)");
    assertThat(result(run).get("splits").has("valid")).isFalse();
    assertThat(Runs.metricLines(run)).noneMatch(l -> l.get("split").asText().equals("valid"));
  }

  @Test
  void stopsEarlyWhenNothingGetsBetter() {
    Path run = temporary.resolve("run");
    Outcome outcome =
        Runs.run(
            run,
            Runs.SMALL,
            "budget={updates: 1000}",
            "eval-every=2",
            "optimizer={kind: sgd, lr: 0.0}", // the first evaluation is the best for ever
            "early-stopping={patience: 3}");
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.teacherUpdates()).isEqualTo(8);
    assertThat(outcome.selectedStep()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lot", "teacher-only"})
  void aDivergedRunSaysWhereAndPoisonsNoCheckpoint(String method) {
    Path run = temporary.resolve("run");
    Runs.create(
        run,
        Runs.config(
            Runs.SMALL,
            "method=" + method,
            "teacher={model: cnn, channels: [4], hidden: 8}",
            "budget={updates: 200}",
            "eval-every=50",
            "checkpoint.every=1",
            "schedule={kind: constant}",
            "optimizer={kind: sgd, lr: 1e6, momentum: 0.9, nesterov: false}"));
    List<String> warnings = new ArrayList<>();
    Outcome outcome =
        Runs.session()
            .proceed(
                run,
                new Listener() {
                  @Override
                  public void warning(String message) {
                    warnings.add(message);
                  }
                },
                () -> false);
    assertThat(outcome.status()).isEqualTo(RunStatus.DIVERGED);
    assertThat(outcome.message())
        .matches("step [0-9]+: (teacher|student0): .+ is not finite; last good checkpoint: .+");
    assertThat(outcome.message()).contains(Runs.latest(run).path().toString());
    assertThat(outcome.splits()).isEmpty();
    assertThat(run.resolve("result.json")).doesNotExist();
    assertThat(RunSession.status(run)).isEqualTo("diverged");
    assertThat(Runs.json(run.resolve("run.json")).get("message").asText())
        .isEqualTo(outcome.message());
    assertThat(checkpoints(run)).isNotEmpty().allSatisfy(TrainerTest::isFinite);
    assertThat(warnings).isEmpty();
  }

  /** The gradient is finite, the step along it is not. */
  @Test
  void aStepToInfinityIsKeptOutOfTheCheckpoint() {
    Path run = temporary.resolve("run");
    Outcome outcome =
        Runs.run(
            run,
            Runs.SMALL,
            "checkpoint.every=1",
            "lot.alpha=1e6",
            "lot.steps=0",
            "lot.regularize-on=task-batch",
            "optimizer={kind: sgd, lr: 1e37, momentum: 0, nesterov: false}");
    assertThat(outcome.status()).isEqualTo(RunStatus.DIVERGED);
    assertThat(outcome.message())
        .isEqualTo("step 1: teacher: a weight is not finite; there is no checkpoint yet");
    assertThat(checkpoints(run)).isEmpty();
  }

  private static List<Checkpoint> checkpoints(Path run) {
    List<Checkpoint> all = new ArrayList<>();
    for (Path path : Runs.list(run.resolve("checkpoints"))) {
      if (Files.isDirectory(path)) {
        all.add(Checkpoint.open(path));
      }
    }
    return all;
  }

  private static void isFinite(Checkpoint checkpoint) {
    try (PointerScope scope = new PointerScope()) {
      for (String learner : checkpoint.learners()) {
        Safetensors tensors = checkpoint.learner(learner);
        for (String name : tensors.names()) {
          Tensor tensor = tensors.read(name);
          assertThat(torch.isfinite(tensor).all().item_bool())
              .as(checkpoint.path() + " " + learner + "." + name)
              .isTrue();
        }
      }
    }
  }

  @Test
  void aBudgetOfMinutesEnds() {
    Path run = temporary.resolve("run");
    Outcome outcome =
        Runs.run(
            run, Runs.SMALL, "budget={minutes: 0.02}", "eval-every=0.01", "checkpoint.every=0.01");
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.wallSeconds()).isGreaterThanOrEqualTo(1.2);
    assertThat(outcome.teacherUpdates()).isPositive();
    assertThat(Runs.metricLines(run)).anyMatch(l -> l.get("split").asText().equals("test"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"best", "last"})
  void theTestSplitIsScoredOnceAfterEverything(String select) {
    RunConfig config = Runs.config(Runs.SMALL, "select=" + select, "eval-every=2");
    try (PointerScope scope = new PointerScope();
        Prepared<?> prepared = Runs.session().prepare(config)) {
      count(config, prepared);
    }
  }

  private <B> void count(RunConfig config, Prepared<B> prepared) {
    Counted<B> counted = new Counted<>(prepared.task());
    try (Course<B> course =
        new Assembly<>(config, new Watched<>(prepared, counted), Runs.CATALOG).course()) {
      CheckpointStore store = new CheckpointStore(temporary.resolve("count"), 2, Map.of());
      Outcome outcome = new Trainer<>(course, store, List.of(), Listener.none(), () -> false).fit();
      assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    }
    assertThat(counted.scored.get(Split.TEST)).isEqualTo(1);
    assertThat(counted.scored.get(Split.VALID)).isEqualTo(6 + 1);
    assertThat(counted.last).isEqualTo(Split.TEST);
  }

  /** A task that counts its scorings. */
  private static final class Counted<B> implements Task<B> {
    private final Task<B> task;
    private final Map<Split, Integer> scored = new EnumMap<>(Split.class);
    private Split last = Split.TRAIN;

    Counted(Task<B> task) {
      this.task = task;
    }

    @Override
    public List<Map<String, Double>> score(List<Network> networks, Split split) {
      scored.merge(split, 1, Integer::sum);
      last = split;
      return task.score(networks, split);
    }

    @Override
    public Exercise exercise(B batch) {
      return task.exercise(batch);
    }

    @Override
    public Tensor loss(Output output, B batch) {
      return task.loss(output, batch);
    }

    @Override
    public long samples(B batch) {
      return task.samples(batch);
    }

    @Override
    public Map<String, Tensor> observe(Output output, B batch) {
      return task.observe(output, batch);
    }

    @Override
    public Exercise part(Exercise exercise, double fraction) {
      return task.part(exercise, fraction);
    }

    @Override
    public Output part(Output output, double fraction) {
      return task.part(output, fraction);
    }
  }
}
