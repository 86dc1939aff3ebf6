package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ExperimentConfig;
import lot4j.config.RunConfig;
import lot4j.testkit.NativeObjects;
import lot4j.train.DataException;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.Plan;
import lot4j.train.Prepared;
import lot4j.train.RunSession;
import lot4j.train.RunStatus;
import lot4j.train.Split;
import lot4j.train.UpdateLoop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of PPO on the one trainer. */
class RunsTest {
  private static final String SMALL =
      """
      name: small
      task: {kind: rl, environment: cartpole, envs: 3, rollout: 8, eval-episodes: 3}
      ppo: {epochs: 2}
      method: lot
      teacher: {model: actor-critic, hidden: [8], normalize: true}
      students: [{model: actor-critic, hidden: [8], normalize: true}]
      optimizer: {kind: adam, lr: 0.01, clip: 0.5}
      schedule: {kind: linear}
      budget: {env-steps: 140}
      batch-size: 10
      replay: {states: 40}
      checkpoint: {every: 30}
      threads: 1
      """;

  private static final Catalog CATALOG =
      Catalog.load()
          .add(Category.ENVIRONMENT, "faulty", new Faulty("reward", 5), Set.of(), "breaks");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;

  private static RunConfig config(String... overrides) {
    return new ConfigReader(CATALOG)
        .readRun(ConfigSource.of("test.yaml", SMALL), List.of(overrides))
        .withDevice("cpu");
  }

  private static RunSession session() {
    return new RunSession(CATALOG, Path.of("no-such-directory"));
  }

  private Path create(String name, String... overrides) {
    Path directory = temporary.resolve(name);
    RunConfig config = config(overrides);
    try (Prepared<?> prepared = session().prepare(config)) {
      session().create(directory, config, config.method(), prepared);
    }
    return directory;
  }

  private static Outcome proceed(Path directory, BooleanSupplier stop) {
    return session().proceed(directory, Listener.none(), stop);
  }

  private Path run(String name, String... overrides) {
    Path directory = create(name, overrides);
    assertThat(proceed(directory, () -> false).status()).isEqualTo(RunStatus.DONE);
    return directory;
  }

  private static BooleanSupplier after(int updates) {
    int[] left = {updates};
    return () -> --left[0] <= 0;
  }

  private static List<String> metrics(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("metrics.jsonl"))) {
      ObjectNode metrics = (ObjectNode) JSON.readTree(line);
      metrics.remove("wall_s");
      lines.add(metrics.toString());
    }
    return lines;
  }

  private static String weights(Path directory, String learner) throws IOException {
    String latest = Files.readString(directory.resolve("checkpoints/latest")).strip();
    return Arrays.toString(
        Files.readAllBytes(
            directory.resolve("checkpoints/" + latest + "/" + learner + ".safetensors")));
  }

  private static JsonNode result(Path directory) throws IOException {
    return JSON.readTree(Files.readAllBytes(directory.resolve("result.json")));
  }

  /** Stops fall into rollouts and passes; three batches make a pass, two passes a rollout. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "method=teacher-only",
        "method=lot",
        "method=lot-released",
        "method=self-lagged",
        "method=mean-teacher",
        "method=swa",
        "task.environment=pendulum",
        "task.environment=grid-levels",
        "ppo.target-kl=0.001",
        "ppo.normalize-rewards=true"
      })
  void stoppedAndResumedItEndsInTheSameBits(String set) throws IOException {
    Path whole = run("whole", set);
    Path broken = create("broken", set);
    for (int stop : new int[] {1, 4, 5, 3}) {
      assertThat(proceed(broken, after(stop)).status()).isEqualTo(RunStatus.INTERRUPTED);
    }
    assertThat(proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(metrics(broken)).isEqualTo(metrics(whole));
    assertThat(weights(broken, "teacher")).isEqualTo(weights(whole, "teacher"));
    if (!set.startsWith("method=") || set.startsWith("method=lot")) {
      assertThat(weights(broken, "student0")).isEqualTo(weights(whole, "student0"));
    }
  }

  @Test
  void withoutAlphaTheTeacherIsTheBaselinesToTheBit() throws IOException {
    Path alone = run("alone", "method=teacher-only");
    Path lot = run("lot", "lot.alpha=0");
    assertThat(weights(lot, "teacher")).isEqualTo(weights(alone, "teacher"));
    assertThat(run("other", "lot.alpha=0.5"))
        .satisfies(
            other -> assertThat(weights(other, "teacher")).isNotEqualTo(weights(alone, "teacher")));
  }

  /** A policy's entropy is rewarded, of classes and of normals; lagging policies pull. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "confidence-penalty cartpole",
        "confidence-penalty pendulum",
        "self-lagged cartpole",
        "self-lagged pendulum",
        "mean-teacher cartpole"
      })
  void methodsWithoutStudentsChangeThePolicy(String method) throws IOException {
    String[] words = method.split(" ");
    String environment = "task.environment=" + words[1];
    Path plain = run("plain", "method=teacher-only", environment);
    Path other = run("other", "method=" + words[0], environment);
    assertThat(weights(other, "teacher")).isNotEqualTo(weights(plain, "teacher"));
    assertThat(metrics(other)).anyMatch(line -> line.contains("teacher/imitability"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"label-smoothing", "r-drop", "sam"})
  void methodsForLabelsAreRefused(String method) {
    assertThatThrownBy(() -> config("method=" + method))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("method " + method + " is not allowed with task.kind rl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "method=teacher-only",
        "method=lot",
        "method=lot-released",
        "method=confidence-penalty",
        "method=self-lagged",
        "method=mean-teacher",
        "method=swa"
      })
  void whatWasPlannedIsWhatIsCounted(String method) throws IOException {
    RunConfig config = config(method);
    Plan.Planned planned;
    try (Prepared<?> prepared = session().prepare(config)) {
      planned = Plan.of(config, any -> prepared, CATALOG);
    }
    JsonNode result = result(run("run", method));
    assertThat(result.get("flops").asDouble()).isEqualTo(planned.flops());
    assertThat(result.get("teacher_updates").asLong()).isEqualTo(planned.bill().teacher().steps());
    assertThat(result.get("student_updates").asLong()).isEqualTo(planned.studentUpdates());
    String last =
        Files.readAllLines(temporary.resolve("run/metrics.jsonl")).stream()
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(JSON.readTree(last).get("samples").asLong()).isEqualTo(144); // whole rollouts of 24
  }

  @Test
  void trainingAndTestLevelsAreBothScored() throws IOException {
    JsonNode splits = result(run("levels", "task.environment=grid-levels")).get("splits");
    assertThat(splits.at("/train/teacher/return").isNumber()).isTrue();
    assertThat(splits.at("/test/teacher/return").isNumber()).isTrue();
    assertThat(splits.at("/test/ensemble/return").isNumber()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reward", "observation", "short"})
  void aMisbehavingEnvironmentIsNamed(String fault) throws IOException {
    Path directory = create("faulty", "task.environment={kind: faulty, fault: " + fault + "}");
    assertThatThrownBy(() -> proceed(directory, () -> false))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("faulty: environment")
        .hasMessageContaining("step")
        .hasMessageContaining(fault.equals("reward") ? "reward is NaN" : "observation");
    assertThat(RunSession.status(directory)).isEqualTo("failed");
  }

  /** Matched compute is more environment steps here, and no less than what LoT computes. */
  @Test
  void equalComputeMakesMoreStepsThatCostAsMuch() throws IOException {
    String yaml = SMALL + "methods: [teacher-only, teacher-only-equal-compute, lot-paper]\n";
    ExperimentConfig experiment =
        new ConfigReader(CATALOG).read(ConfigSource.of("test.yaml", yaml), List.of());
    try (Prepared<?> prepared = session().prepare(config())) {
      List<Plan.Planned> runs = Plan.of(experiment, any -> prepared, CATALOG).runs();
      Plan.Planned matched = runs.get(1);
      Plan.Planned lot = runs.get(2);
      assertThat(matched.label()).isEqualTo("teacher-only-equal-compute");
      assertThat(matched.bill().samples()).isGreaterThan(lot.bill().samples());
      Path directory = temporary.resolve("matched");
      RunConfig config = matched.config().withThreads(1).withDevice("cpu");
      session().create(directory, config, matched.label(), prepared);
      assertThat(proceed(directory, () -> false).status()).isEqualTo(RunStatus.DONE);
      assertThat(result(directory).get("flops").asDouble())
          .isEqualTo(matched.flops())
          .isGreaterThanOrEqualTo(lot.flops());
      assertThat(result(directory).get("teacher_updates").asLong())
          .isEqualTo(matched.bill().teacher().steps());
    }
  }

  /** After the first rollouts nothing more stays behind, whatever is acted, learnt and reviewed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "method=lot",
        "method=lot-released",
        "method=confidence-penalty",
        "method=self-lagged",
        "method=swa"
      })
  void manyUpdatesLeaveNoNativeObjectsBehind(String method) {
    RunConfig config = config(method, "budget.updates=400");
    try (Prepared<?> prepared = session().prepare(config);
        UpdateLoop loop = UpdateLoop.of(config, prepared, CATALOG)) {
      Runnable rollouts =
          () -> {
            for (int update = 0; update < 12; update++) { // two rollouts of two passes
              loop.update();
            }
          };
      for (int warm = 0; warm < 4; warm++) { // until the students' memory is full
        rollouts.run();
      }
      NativeObjects.assertUnchangedBy(rollouts);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"task.environment=pendulum,js", "ppo.epochs=2,gaussian-jeffreys"})
  void aMeasureThatDoesNotFitTheActionsIsRefusedBeforeAnythingIsWritten(String both) {
    String[] parts = both.split(",");
    assertThatThrownBy(() -> create("unfit", parts[0], "lot.teacher-metric=" + parts[1]))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("lot.teacher-metric = " + parts[1] + " is not allowed; one of ")
        .hasMessageContaining("kl-free-reference");
    assertThat(temporary.resolve("unfit")).doesNotExist();
  }

  @Test
  void aMinibatchLargerThanARolloutIsRefused() {
    assertThatThrownBy(() -> config("batch-size=25"))
        .hasMessageContaining("batch-size = 25 is not allowed; at most 24");
  }

  /** An environment that misbehaves at its fifth step. */
  record Faulty(String fault, int at) implements EnvironmentSpec {
    @Override
    public Environment make(Split split) {
      return new Environment() {
        private int steps;

        @Override
        public Spaces spaces() {
          return new Spaces(ObservationSpace.floats(2), new ActionSpace.Discrete(2));
        }

        @Override
        public void reset(long seed) {
          steps = 0;
        }

        @Override
        public void step(float[] actions, int offset) {
          steps++;
        }

        @Override
        public void observe(ByteBuffer out) {
          boolean now = steps == at;
          out.putFloat(now && fault.equals("observation") ? Float.NaN : 0);
          if (!now || !fault.equals("short")) {
            out.putFloat(1);
          }
        }

        @Override
        public float reward() {
          return steps == at && fault.equals("reward") ? Float.NaN : 1;
        }

        @Override
        public boolean terminated() {
          return false;
        }

        @Override
        public boolean truncated() {
          return steps >= 20;
        }

        @Override
        public void save(StateWriter out) {
          out.number("steps", steps);
        }

        @Override
        public void restore(StateReader in) {
          steps = (int) in.number("steps");
        }
      };
    }

    @Override
    public String title() {
      return "faulty";
    }
  }
}
