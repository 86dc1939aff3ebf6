package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lot4j.config.ConfigError;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.EqualCompute;
import lot4j.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of the methods with other networks: their trainings, copies, choices and costs. */
class MethodRunsTest {
  /** Everything that has state: dropout, augmentation, two students, a schedule that watches. */
  private static final String IMAGES =
      """
      name: methods
      task: {kind: image, data: digits, train-examples: 50, augment: crop-flip}
      teacher: {model: cnn, channels: [6], hidden: 8, dropout: 0.3}
      students:
        - {model: cnn, channels: [4], hidden: 8, dropout: 0.2, lambda: 0.3}
        - {model: mlp, hidden: [10], dropout: 0.5, lambda: 0.7}
      optimizer: {kind: adamw, lr: 0.01}
      schedule: {kind: plateau, patience: 0, factor: 0.5, warmup: 2}
      budget: {updates: 8}
      batch-size: 12
      student-batch-size: 9
      accumulate: 2
      ema: 0.9
      eval-every: 3
      checkpoint: {every: 4}
      co-distillation: {refresh: 2, burn-in: 2}
      fresh-student: {period: 3}
      learned-lambda: {rate: 2, entropy: 0.1}
      decoupled-distillation: {warmup: 0.3}
      threads: 1
      """;

  /** No luck in it: what a learner's rate is and which batches it reads. */
  static final String PLAIN =
      """
      name: plain
      task: {kind: image, data: digits, train-examples: 60, augment: none}
      teacher: {model: mlp, hidden: [16]}
      students: [{model: mlp, hidden: [12]}]
      optimizer: {kind: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weight-decay: 1e-4}
      student-optimizer: {kind: sgd, lr: 0.05}
      schedule: {kind: cosine}
      budget: {updates: 6}
      batch-size: 16
      eval-every: 2
      checkpoint: {every: 3}
      select: last
      threads: 1
      """;

  @TempDir Path temporary;

  static String[] with(String method, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("method=" + method);
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deep-mutual-learning",
        "co-distillation",
        "two-network-ensemble",
        "frozen-student",
        "peer-without-imitation",
        "shuffled-student",
        "fresh-student",
        "learned-lambda",
        "born-again",
        "knowledge-distillation",
        "ensemble-distillation",
        "decoupled-distillation"
      })
  void interruptedAnywhereItEndsInTheSameBits(String method) {
    interrupted(IMAGES, with(method));
  }

  @ParameterizedTest
  @CsvSource({
    "deep-mutual-learning, 1",
    "deep-mutual-learning, 2",
    "co-distillation, 1",
    "two-network-ensemble, 1",
    "frozen-student, 1",
    "peer-without-imitation, 1",
    "shuffled-student, 2",
    "fresh-student, 1",
    "learned-lambda, 1",
    "born-again, 2",
    "knowledge-distillation, 1",
    "ensemble-distillation, 1",
    "decoupled-distillation, 2"
  })
  void ofATextToo(String method, int accumulate) {
    interrupted(
        TextRuns.config(temporary, TextRuns.LSTM),
        with(
            method,
            "budget.updates=8",
            "accumulate=" + accumulate,
            "co-distillation={refresh: 2, burn-in: 2}",
            "fresh-student={period: 3}"));
  }

  private void interrupted(String config, String... set) {
    Path unbroken = temporary.resolve("unbroken");
    Outcome whole = Runs.run(unbroken, config, set);
    assertThat(whole.status()).isEqualTo(RunStatus.DONE);
    RunConfig read = Runs.config(config, set);
    int updates = 8 * Runs.CATALOG.method(read.method()).recipe().spec(read, Runs.CATALOG).stages();
    for (int[] stops : new int[][] {{5, updates - 7}, {updates / 2}}) {
      Path broken = temporary.resolve("broken" + stops.length);
      Runs.create(broken, Runs.config(config, set));
      for (int stop : stops) {
        assertThat(Runs.proceed(broken, Runs.after(stop)).status())
            .isEqualTo(RunStatus.INTERRUPTED);
      }
      assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
      assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
      assertThat(Runs.result(broken)).isEqualTo(Runs.result(unbroken));
      assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
    }
    assertThat(whole.flops()).as("planned").isCloseTo(planned(read).flops(), within(1.0));
  }

  private static Plan.Planned planned(RunConfig config) {
    RunSession session = Runs.session();
    try (Prepared<?> prepared = session.prepare(config)) {
      return Plan.of(config, each -> prepared, Runs.CATALOG);
    }
  }

  /** The paper's first baseline: same weights, same batches, same rates, whatever came before. */
  @Test
  void aLastGenerationThatIgnoresTheFirstIsTheTeacherAloneToTheBit() {
    Path alone = temporary.resolve("alone");
    Outcome teacher = Runs.run(alone, PLAIN, with("teacher-only"));
    Path again = temporary.resolve("again");
    Outcome born = Runs.run(again, PLAIN, with("born-again", "born-again.weight=0"));
    assertThat(Runs.weights(again, "teacher")).isEqualTo(Runs.weights(alone, "teacher"));
    assertThat(born.primary()).isEqualTo(teacher.primary());
    assertThat(born.teacherUpdates()).isEqualTo(6);
    assertThat(born.studentUpdates()).isEqualTo(6);

    Path weighted = temporary.resolve("weighted");
    Runs.run(weighted, PLAIN, with("born-again"));
    assertThat(Runs.weights(weighted, "teacher")).isNotEqualTo(Runs.weights(alone, "teacher"));
  }

  /** Dropout, augmentation and averaged weights as well. */
  @Test
  void soItIsWithEverythingThatIsDrawn() {
    Path alone = temporary.resolve("alone");
    String[] set = {"select=last", "schedule={kind: cosine, warmup: 2}"};
    Runs.run(alone, IMAGES, with("teacher-only", set));
    Path again = temporary.resolve("again");
    Runs.run(again, IMAGES, with("born-again", "born-again.weight=0", set[0], set[1]));
    assertThat(Runs.weights(again, "teacher")).isEqualTo(Runs.weights(alone, "teacher"));
    assertThat(test(again)).isEqualTo(test(alone));
  }

  private static JsonNode test(Path run) {
    return Runs.json(run.resolve("result.json")).get("splits").get("test").get("teacher");
  }

  @Test
  void ratesSamplesAndLinesFollowTheTrainings() {
    Path run = temporary.resolve("run");
    Runs.run(run, PLAIN, with("born-again"));
    List<JsonNode> train =
        Runs.metricLines(run).stream()
            .filter(line -> line.get("split").asText().equals("train"))
            .toList();
    assertThat(train.stream().map(line -> line.get("step").asInt()))
        .containsExactly(2, 4, 6, 8, 10, 12);
    List<Double> rates = train.stream().map(l -> value(l, "lr")).toList();
    assertThat(rates.subList(3, 6)).isEqualTo(rates.subList(0, 3));
    assertThat(rates.get(0)).isGreaterThan(rates.get(2));
    // steps of 16, 16, 16 and 12 images
    assertThat(train.stream().map(line -> line.get("samples").asLong()))
        .containsExactly(0L, 0L, 0L, 32L, 60L, 92L);
    for (int i = 0; i < 6; i++) {
      assertThat(train.get(i).has("teacher/loss")).isEqualTo(i >= 3);
      assertThat(train.get(i).has("student0/loss")).isEqualTo(i < 3);
    }
  }

  static double value(JsonNode line, String metric) {
    return line.get(metric).asDouble();
  }

  @Test
  void aCheckpointIsChosenFromTheTeachersTrainingAlone() {
    Path run = temporary.resolve("run");
    // Nothing improves, so that the first evaluation that counts stays the best.
    Outcome outcome =
        Runs.run(
            run,
            PLAIN,
            with("born-again", "optimizer.lr=0.0", "optimizer.weight-decay=0", "select=best"));
    assertThat(outcome.selectedStep()).isEqualTo(8);
  }

  @Test
  void aScheduleThatWatchesWaitsForItsLearnersTraining() {
    Path run = temporary.resolve("run");
    Runs.run(
        run,
        PLAIN,
        with(
            "born-again",
            "optimizer.lr=0.0",
            "schedule={kind: plateau, patience: 0, factor: 0.5}",
            "eval-every=1"));
    JsonNode state = Runs.json(Runs.latest(run).path().resolve("state.json")).get("entries");
    // the first evaluation sets the best, each of the five further ones halves the rate
    assertThat(state.get("teacher/optimizer/schedule/reduction").get("real").asDouble())
        .isEqualTo(1.0 / 32);
  }

  @ParameterizedTest
  @CsvSource({"two-network-ensemble, 1", "born-again, 1", "ensemble-distillation, 2"})
  void copiesOfTheTeacherTakeTheStudentsPlaceAndAreReadAgain(String method, int copies) {
    RunConfig config = Runs.config(PLAIN, with(method));
    assertThat(config.students()).hasSize(copies);
    config
        .students()
        .forEach(student -> assertThat(student.spec()).isEqualTo(config.teacher().spec()));
    assertThat(config.optimization().studentOptimizer())
        .isEqualTo(config.optimization().optimizer());

    Path run = Runs.create(temporary.resolve("run"), config);
    Path written = run.resolve("config.yaml");
    RunConfig read =
        new ConfigReader(Runs.CATALOG)
            .readRun(ConfigSource.of("config.yaml", Runs.text(written)), List.of());
    assertThat(read.students()).isEqualTo(config.students());
    assertThat(read.optimization()).isEqualTo(config.optimization());
  }

  @Test
  void moreGenerationsAreMoreCopiesAndMoreTrainings() {
    RunConfig config = Runs.config(PLAIN, with("born-again", "born-again.generations=3"));
    assertThat(config.students()).hasSize(2);
    Outcome outcome =
        Runs.run(temporary.resolve("run"), PLAIN, with("born-again", "born-again.generations=3"));
    assertThat(outcome.teacherUpdates()).isEqualTo(6);
    assertThat(outcome.studentUpdates()).isEqualTo(12);
  }

  @Test
  void theEnsembleIsJudged() {
    Path run = temporary.resolve("run");
    Outcome outcome = Runs.run(run, PLAIN, with("two-network-ensemble"));
    JsonNode result = Runs.json(run.resolve("result.json")).get("splits").get("test");
    assertThat(outcome.primary().getAsDouble())
        .isEqualTo(result.get("ensemble").get("accuracy").asDouble());
  }

  @Test
  void aStudentThatBeginsAnewHasFreshWeightsDecidedByTheSeed() {
    String[] still = {"optimizer.lr=0.0", "optimizer.weight-decay=0", "student-optimizer.lr=0.0"};
    List<byte[]> weights = new ArrayList<>();
    for (String period : List.of("3", "3", "5", "100")) {
      Path run = temporary.resolve("run" + weights.size());
      List<String> set = new ArrayList<>(List.of(still));
      set.add("fresh-student.period=" + period);
      Runs.run(run, PLAIN, with("fresh-student", set.toArray(String[]::new)));
      weights.add(Runs.weights(run, "student0"));
    }
    assertThat(weights.get(0)).as("generation 1, twice").isEqualTo(weights.get(1));
    assertThat(weights.get(2)).as("generation 1 of another period").isEqualTo(weights.get(0));
    assertThat(weights.get(3)).as("generation 0").isNotEqualTo(weights.get(0));
  }

  @Test
  void aFinishedNetworkIsLoadedAndNotTrained() {
    Path first = temporary.resolve("first");
    Runs.run(first, PLAIN, with("teacher-only", "teacher={model: mlp, hidden: [24]}"));
    String student = "students=[{model: mlp, hidden: [24], init-from: '" + first + "'}]";
    Path run = temporary.resolve("run");
    Outcome outcome = Runs.run(run, PLAIN, with("knowledge-distillation", student));
    assertThat(outcome.studentUpdates()).isZero();
    assertThat(outcome.teacherUpdates()).isEqualTo(6);
    assertThat(Runs.weights(run, "student0")).isEqualTo(Runs.weights(first, "teacher"));
    assertThat(Runs.metricLines(run).get(0).has("teacher/penalty")).isTrue();
  }

  /** Their dropout would show: that of peers that learn together does. */
  @ParameterizedTest
  @CsvSource({"knowledge-distillation, true", "born-again, true", "deep-mutual-learning, false"})
  void finishedNetworksAnswerInEvalModeWhateverLotSays(String method, boolean same) {
    List<byte[]> weights = new ArrayList<>();
    for (String mode : List.of("train", "eval")) {
      Path run = temporary.resolve(mode);
      Runs.run(run, IMAGES, with(method, "lot.reference-mode=" + mode));
      weights.add(Runs.weights(run, "teacher"));
    }
    assertThat(Arrays.equals(weights.get(0), weights.get(1))).isEqualTo(same);
  }

  @ParameterizedTest
  @ValueSource(strings = {"born-again", "deep-mutual-learning"})
  void matchesTheComputeOfAnother(String method) {
    var experiment =
        new ConfigReader(Runs.CATALOG)
            .read(
                ConfigSource.of("test.yaml", PLAIN),
                List.of(
                    "methods=[lot-paper, {label: matched, method: "
                        + method
                        + ", match: lot-paper}]"));
    RunSession session = Runs.session();
    Plan plan = Plan.of(experiment, session::prepare, Runs.CATALOG);
    Plan.Planned lot = plan.runs().get(0);
    Plan.Planned matched = plan.runs().get(1);
    assertThat(matched.matched()).contains("lot-paper");
    assertThat(matched.flops()).isGreaterThanOrEqualTo(lot.flops());
    long updates = matched.config().equalCompute().orElseThrow().updates();
    assertThat(planned(matched.config().withEqualCompute(new EqualCompute(updates - 1))).flops())
        .isLessThan(lot.flops());
    Outcome outcome = run(matched.config());
    assertThat(outcome.teacherUpdates()).isEqualTo(updates);
    assertThat(outcome.flops()).isCloseTo(matched.flops(), within(1.0));
  }

  private Outcome run(RunConfig config) {
    return Runs.proceed(Runs.create(temporary.resolve("matched"), config), () -> false);
  }

  @Test
  void minutesAreRefusedWhereTrainingsFollowOneAnother() {
    assertThatThrownBy(
            () ->
                Runs.config(
                    PLAIN, with("born-again", "budget={minutes: 1}", "schedule={kind: constant}")))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("budget.minutes is not allowed with method born-again");
  }

  @Test
  void aWarmUpWithoutALengthIsRefused() {
    String student = "students=[{model: mlp, hidden: [12], init-from: somewhere}]";
    String[] set = {student, "budget={minutes: 1}", "schedule={kind: constant}"};
    assertThatThrownBy(() -> Runs.config(PLAIN, with("decoupled-distillation", set)))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("warmup is not allowed with budget.minutes");
  }

  @Test
  void aMethodThatNeedsStudentsSaysSo() {
    String none = PLAIN.replaceAll("students:.*\n", "").replaceAll("student-optimizer:.*\n", "");
    assertThatThrownBy(() -> Runs.config(none, with("knowledge-distillation")))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining("missing key: students; method knowledge-distillation needs them");
    assertThat(Runs.config(none, with("born-again")).students()).hasSize(1);
  }
}
