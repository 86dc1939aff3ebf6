package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import lot4j.checkpoint.CheckpointStore;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.EqualCompute;
import lot4j.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of a task whose epochs are made first and passed over several times. */
class WorldRunTest {
  /** Epochs of 10 rows in batches of 4, twice: 6 steps. */
  private static final String YAML =
      """
      name: world
      task: {kind: rl}
      teacher: {model: toy}
      students: [{model: toy}]
      lot: {objective: released}
      budget: {env-steps: 35}
      batch-size: 4
      student-batch-size: 5
      eval-every: 10
      threads: 1
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;

  private static RunConfig config(String... overrides) {
    return new ConfigReader(World.catalog())
        .readRun(ConfigSource.of("test.yaml", YAML), List.of(overrides))
        .withDevice("cpu");
  }

  private static RunSession session() {
    return new RunSession(World.catalog(), Path.of("no-such-directory"));
  }

  private static Outcome run(Path directory, BooleanSupplier stop, String... overrides) {
    RunConfig config = config(overrides);
    try (Prepared<?> prepared = session().prepare(config)) {
      session().create(directory, config, config.method(), prepared);
    }
    return session().proceed(directory, Listener.none(), stop);
  }

  private static List<JsonNode> lines(Path run) {
    List<JsonNode> lines = new ArrayList<>();
    text(run.resolve("metrics.jsonl")).lines().forEach(line -> lines.add(json(line)));
    return lines;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBudgetOfEnvironmentStepsIsWholeRollouts() {
    Outcome outcome = run(temporary.resolve("run"), () -> false);
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.teacherUpdates()).isEqualTo(4 * 6);
    List<JsonNode> lines = lines(temporary.resolve("run"));
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.get("samples").asLong()).isEqualTo(40);
    assertThat(last.get("epoch").asDouble()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"method=lot", "lot.objective=paper", "method=teacher-only"})
  void costsWhatWasPlanned(String override) {
    RunConfig config = config(override);
    Plan.Planned plan = Plan.of(config, session()::prepare, World.catalog());
    Outcome outcome = run(temporary.resolve("run"), () -> false, override);
    assertThat(outcome.flops()).isEqualTo(plan.flops()).isPositive();
    assertThat(outcome.studentUpdates()).isEqualTo(plan.studentUpdates());
    assertThat(outcome.teacherUpdates()).isEqualTo(plan.bill().teacher().steps());
    assertThat(plan.bill().samples()).isEqualTo(40);
  }

  @Test
  void equalComputeCountsTheActing() {
    RunConfig config = config("method=teacher-only-equal-compute");
    Plan.Planned lot = Plan.of(config.withMethod("lot"), session()::prepare, World.catalog());
    Plan.Planned equal = Plan.of(config, session()::prepare, World.catalog());
    assertThat(equal.flops()).isGreaterThanOrEqualTo(lot.flops());
    long updates = equal.bill().teacher().steps();
    RunConfig fewer = config.withEqualCompute(new EqualCompute(updates - 1));
    assertThat(Plan.of(fewer, session()::prepare, World.catalog()).flops()).isLessThan(lot.flops());
  }

  @Test
  void trainingLinesTellWhatTheStreamMet() {
    Path run = temporary.resolve("run");
    run(run, () -> false);
    List<Double> rollouts = new ArrayList<>();
    for (JsonNode line : lines(run)) {
      if (line.get("split").asText().equals("train")) {
        rollouts.add(line.get("rollouts").asDouble());
        assertThat(line.get("teacher/task_loss").isNumber()).isTrue();
      }
    }
    assertThat(rollouts.stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(4);
    assertThat(rollouts).hasSizeGreaterThan(2);
  }

  @Test
  void aLineWithoutAnythingLearntHasNoLosses() {
    Path run = temporary.resolve("run");
    Outcome outcome =
        run(run, () -> false, "budget={updates: 12}", "eval-every=1", "task.idle-from=2");
    int idle = 0;
    for (JsonNode line : lines(run)) {
      assertThat(line.toString()).doesNotContain("NaN").doesNotContain("null");
      if (line.get("split").asText().equals("train")) {
        boolean learnt = (line.get("step").asLong() - 1) % 6 < 2;
        assertThat(line.has("teacher/task_loss")).isEqualTo(learnt);
        assertThat(line.has("lr")).isTrue();
        idle += learnt ? 0 : 1;
      }
    }
    assertThat(idle).isEqualTo(8);
    assertThat(outcome.teacherUpdates()).isEqualTo(4);
    // two joint steps a rollout, and five reviews of 10, then of 20 states in batches of 5
    assertThat(outcome.studentUpdates()).isEqualTo(4 + 5 * (2 + 4));
  }

  @Test
  void theFinaleIsScoredAsFarAsItIsThere() {
    Path run = temporary.resolve("run");
    Outcome outcome = run(run, () -> false);
    assertThat(outcome.splits()).containsOnlyKeys("train", "test");
    JsonNode splits = json(text(run.resolve("result.json"))).get("splits");
    assertThat(splits.has("train")).isTrue();
    assertThat(splits.has("test")).isTrue();
    List<JsonNode> lines = lines(run);
    assertThat(lines.stream().filter(line -> line.get("split").asText().equals("test"))).hasSize(1);
    assertThat(lines.get(lines.size() - 2).get("split").asText()).isEqualTo("train");
    assertThat(lines.get(lines.size() - 2).has("rollouts")).isTrue(); // the last evaluation's own
  }

  @Test
  void aMethodWithoutStudentsAsksForNoStreamOfTheirs() {
    Outcome outcome =
        run(temporary.resolve("run"), () -> false, "method=teacher-only", "task.lonely=true");
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(outcome.studentUpdates()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 6, 11, 12})
  void aRunThatWasInterruptedEndsAsOneThatWasNot(int after) {
    Path whole = temporary.resolve("whole");
    Path broken = temporary.resolve("broken");
    Outcome unbroken = run(whole, () -> false, "task.idle-from=4");
    int[] left = {after};
    Outcome first = run(broken, () -> --left[0] <= 0, "task.idle-from=4");
    assertThat(first.status()).isEqualTo(RunStatus.INTERRUPTED);
    Outcome second = session().proceed(broken, Listener.none(), () -> false);
    assertThat(second.teacherUpdates()).isEqualTo(unbroken.teacherUpdates()).isEqualTo(4 * 4);
    assertThat(second.studentUpdates()).isEqualTo(unbroken.studentUpdates());
    assertThat(second.flops()).isEqualTo(unbroken.flops());
    for (String learner : List.of("teacher", "student0")) {
      assertThat(weights(broken, learner)).isEqualTo(weights(whole, learner));
    }
    assertThat(numbers(broken)).isEqualTo(numbers(whole));
  }

  private static String weights(Path run, String learner) {
    Path file =
        CheckpointStore.find(run, warning -> {})
            .orElseThrow()
            .path()
            .resolve(learner + ".safetensors");
    try {
      return HexFormat.of().formatHex(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines without the time they were written at. */
  private static List<String> numbers(Path run) {
    return lines(run).stream()
        .map(line -> ((ObjectNode) line).without(List.of("wall_s", "seconds")).toString())
        .toList();
  }
}
