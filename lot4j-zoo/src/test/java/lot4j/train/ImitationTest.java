package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lot4j.Memory;
import lot4j.Output;
import lot4j.checkpoint.CheckpointException;
import lot4j.config.ConfigError;
import lot4j.config.RunConfig;
import lot4j.random.Streams;
import lot4j.testkit.NativeObjects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that imitate a finished run's network in place of learning labels. */
class ImitationTest {
  /** 1,167 training images in batches of 100: an epoch ends with a batch of 67. */
  private static final String IMITATING =
      """
      name: imitating
      task: {kind: image, data: digits}
      method: teacher-only
      teacher: {model: mlp, hidden: [9], dropout: 0.2}
      optimizer: {kind: adam, lr: 0.01}
      schedule: {kind: cosine}
      budget: {updates: 14}
      batch-size: 100
      eval-every: 4
      checkpoint: {every: 5}
      select: last
      threads: 1
      imitate: {run: %s}
      """;

  @TempDir static Path shared;
  @TempDir Path temporary;

  @BeforeAll
  static void trainTwoTeachers() {
    Runs.run(shared.resolve("one"), Runs.SMALL, "seeds=[1]");
    Runs.run(shared.resolve("two"), Runs.SMALL, "seeds=[2]", "task.label-noise=0.5");
  }

  private static String imitating(String run) {
    return IMITATING.formatted(shared.resolve(run));
  }

  /** Puts a run together and shows it. */
  @SuppressWarnings("unchecked") // what is imitated on digits has batches of digits
  private static void assembled(RunConfig config, Consumer<Course<Demonstration<?>>> body) {
    try (Prepared<?> prepared = Runs.session().prepare(config);
        PointerScope scope = new PointerScope();
        Course<?> course = new Assembly<>(config, prepared, Runs.CATALOG).course()) {
      body.accept((Course<Demonstration<?>>) course);
    }
  }

  private static double[] numbers(Tensor tensor) {
    double[] numbers = new double[(int) tensor.numel()];
    try (PointerScope scope = new PointerScope()) {
      tensor
          .detach()
          .to(org.bytedeco.pytorch.global.torch.ScalarType.Double)
          .contiguous()
          .data_ptr_double()
          .get(numbers);
    }
    return numbers;
  }

  private static double[] softmax(double[] logits, int row, int classes) {
    double sum = 0;
    double[] p = new double[classes];
    for (int c = 0; c < classes; c++) {
      p[c] = Math.exp(logits[row * classes + c]);
      sum += p[c];
    }
    for (int c = 0; c < classes; c++) {
      p[c] /= sum;
    }
    return p;
  }

  @Test
  void theLossIsTheDivergenceFromTheFrozenNetworkAndMovesTheStudentAlone() {
    assembled(
        Runs.config(imitating("one"), "teacher={model: mlp, hidden: [9]}"),
        course -> {
          Demonstration<?> shown = course.taskStream().next().get(0);
          Tensor answer = shown.answer().logits();
          assertThat(answer.requires_grad()).isFalse();
          Tensor images = course.prepared().task().exercise(one(shown)).inputs();
          Tensor logits =
              course
                  .teacher()
                  .learner()
                  .network()
                  .forward(images, new Memory())
                  .logits()
                  .detach()
                  .requires_grad_(true);
          Tensor loss = course.prepared().task().loss(Output.logits(logits), one(shown));
          loss.backward();
          double[] student = numbers(logits);
          double[] frozen = numbers(answer);
          double[] gradient = numbers(logits.grad());
          int rows = 100;
          double mean = 0;
          for (int row = 0; row < rows; row++) {
            double[] p = softmax(student, row, 10);
            double[] q = softmax(frozen, row, 10);
            double kl = 0;
            for (int c = 0; c < 10; c++) {
              kl += p[c] * Math.log(p[c] / q[c]);
            }
            mean += kl / rows;
            for (int c = 0; c < 10; c++) {
              // d KL(p ‖ q) / d logit c, of the mean over rows
              double expected = p[c] * (Math.log(p[c] / q[c]) - kl) / rows;
              assertThat(gradient[row * 10 + c]).isCloseTo(expected, within(1e-6));
            }
          }
          assertThat(loss.item_double()).isCloseTo(mean, within(1e-5));
        });
  }

  private static Demonstration<?> one(Demonstration<?> shown) {
    return shown;
  }

  @Test
  void theFrozenNetworkAnswersAsItIsEvaluatedAndNeverMoves() {
    byte[] before = Runs.weights(shared.resolve("one"), "teacher");
    assembled(
        Runs.config(imitating("one")),
        course -> {
          Demonstration<?> shown = course.taskStream().next().get(0);
          double[] answers = numbers(shown.answer().logits());
          for (int i = 0; i < 3; i++) {
            try (PointerScope scope = new PointerScope()) {
              course.teacher().descender().at(i);
              course.method().update(i);
            }
          }
          Tensor images = course.prepared().task().exercise(one(shown)).inputs();
          double[] saved =
              Runs.session()
                  .withNetworks(
                      shared.resolve("one"),
                      Listener.none(),
                      run ->
                          numbers(
                              run.networks()
                                  .get("teacher")
                                  .forward(images, new Memory())
                                  .logits()));
          assertThat(answers).isEqualTo(saved);
        });
    assertThat(Runs.weights(shared.resolve("one"), "teacher")).isEqualTo(before);
  }

  @Test
  void studentsOfOneSeedBeginAlikeAndMeetTheSameBatches() {
    List<double[]> weights = new ArrayList<>();
    List<double[]> images = new ArrayList<>();
    for (String run : List.of("one", "two")) {
      assembled(
          Runs.config(imitating(run), "seeds=[7]"),
          course -> {
            weights.add(numbers(course.teacher().weights().values()));
            for (int i = 0; i < 13; i++) {
              try (PointerScope scope = new PointerScope()) {
                Demonstration<?> shown = course.taskStream().next().get(0);
                images.add(numbers(course.prepared().task().exercise(one(shown)).inputs()));
              }
            }
          });
    }
    assertThat(weights.get(1)).isEqualTo(weights.get(0));
    for (int i = 0; i < 13; i++) {
      assertThat(images.get(13 + i)).isEqualTo(images.get(i));
    }
  }

  @Test
  void thePlanCountsWhatIsMeasuredTheFrozenAnswersIncluded() {
    RunConfig config = Runs.config(imitating("one"));
    // 64·9 + 9·10 multiply-accumulates of the student, three times; 64·16 + 16·10 of the network
    // that it asks, once; 2 FLOPs each; 1,167 images and 2 full batches.
    double expected = (1167 + 200) * 2.0 * (3 * (64 * 9 + 9 * 10) + 64 * 16 + 16 * 10);
    try (Prepared<?> prepared = Runs.session().prepare(config)) {
      assertThat(Plan.of(config, c -> prepared, Runs.CATALOG).flops()).isEqualTo(expected);
      try (UpdateLoop loop = UpdateLoop.of(config, prepared, Runs.CATALOG)) {
        for (int i = 0; i < 14; i++) {
          loop.update();
        }
        assertThat(loop.flops()).isEqualTo(expected);
      }
    }
    assertThat(Runs.run(temporary.resolve("run"), imitating("one")).flops()).isEqualTo(expected);
  }

  @Test
  void aRunIsScoredByItsLikenessToTheFrozenNetworkOnEverySplit() {
    Path run = temporary.resolve("run");
    Runs.run(run, imitating("one"));
    for (JsonNode line : Runs.metricLines(run)) {
      assertThat(line.path("teacher/kl_free_reference").asDouble()).isPositive();
      assertThat(line.path("teacher/kl_reference_free").asDouble()).isPositive();
      assertThat(line.path("teacher/agreement").asDouble()).isBetween(0.0, 1.0);
      assertThat(line.path("reference_entropy").asDouble()).isPositive();
      boolean train = line.path("split").asText().equals("train");
      assertThat(line.has("teacher/loss")).isEqualTo(train);
      assertThat(line.has("teacher/label_loss")).isTrue();
    }
    assertThat(Runs.metricLines(run).stream().map(line -> line.path("split").asText()).toList())
        .containsExactly(
            "train", "valid", "train", "valid", "train", "valid", "train", "valid", "test");
    JsonNode primary = Runs.json(run.resolve("result.json")).path("primary");
    assertThat(primary.path("name").asText()).isEqualTo("kl_free_reference");
    assertThat(primary.path("higher_is_better").asBoolean()).isFalse();
    // The network itself scores what its own run says.
    JsonNode own = Runs.json(shared.resolve("one/result.json"));
    JsonNode test = Runs.json(run.resolve("result.json")).at("/splits/test/teacher");
    assertThat(test.path("reference_accuracy").asDouble())
        .isEqualTo(own.at("/splits/test/teacher/accuracy").asDouble());
  }

  @Test
  void withoutAValidationSplitTheTestSplitIsWatchedAndSoIsTrainingOnlyIfAsked() {
    Path run = temporary.resolve("run");
    Runs.run(run, imitating("one"), "task.validation=none", "imitate.score-train=false");
    assertThat(Runs.metricLines(run).stream().map(line -> line.path("split").asText()).toList())
        .containsExactly("train", "test", "train", "test", "train", "test", "train", "test");
    assertThat(Runs.metricLines(run).get(0).has("teacher/kl_free_reference")).isFalse();
  }

  @Test
  void interruptedAnywhereItEndsInTheSameBits() {
    Path unbroken = temporary.resolve("unbroken");
    Runs.run(unbroken, imitating("one"));
    for (int stop : new int[] {1, 5, 12}) {
      Path broken = temporary.resolve("broken" + stop);
      Runs.create(broken, Runs.config(imitating("one")));
      assertThat(Runs.proceed(broken, Runs.after(stop)).status()).isEqualTo(RunStatus.INTERRUPTED);
      assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
      assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
      assertThat(Runs.result(broken)).isEqualTo(Runs.result(unbroken));
      assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
    }
  }

  /** The frozen network carries a memory along the stream, which is saved and restored. */
  @Test
  void aLanguageModelIsImitatedAndResumedToTheSameBits() {
    Path run = temporary.resolve("text-run");
    Runs.run(run, TextRuns.config(temporary, TextRuns.LSTM));
    String yaml =
        TextRuns.config(temporary, TextRuns.LSTM)
            .replace("method: lot", "method: teacher-only\nimitate: {run: " + run + "}");
    Path unbroken = temporary.resolve("unbroken");
    assertThat(Runs.run(unbroken, yaml).status()).isEqualTo(RunStatus.DONE);
    assertThat(
            Runs.json(unbroken.resolve("result.json"))
                .at("/splits/test/teacher/kl_free_reference")
                .asDouble())
        .isPositive();
    for (int stop : new int[] {3, 6}) {
      Path broken = temporary.resolve("broken" + stop);
      Runs.create(broken, Runs.config(yaml));
      assertThat(Runs.proceed(broken, Runs.after(stop)).status()).isEqualTo(RunStatus.INTERRUPTED);
      assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
      assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
      assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
    }
  }

  @Test
  void theFrozenNetworkIsReleasedWithItsData() {
    RunConfig config = Runs.config(imitating("one"));
    try (Prepared<?> first = Runs.session().prepare(config)) {
      assertThat(first.sources()).hasSize(2); // loads the engine's classes
    }
    NativeObjects.assertUnchangedBy(
        () -> {
          try (Prepared<?> prepared = Runs.session().prepare(config);
              PointerScope scope = new PointerScope();
              NoGradGuard constant = new NoGradGuard()) {
            prepared
                .taskStream(null, 10, 1, new Streams(0)) // digits come from no learner
                .next();
          }
        });
  }

  @Test
  void aRunThatIsNotFinishedIsRefusedAndOneOfItsCheckpointsIsNot() {
    Path run = temporary.resolve("unfinished");
    Runs.create(run, Runs.config(Runs.SMALL));
    Runs.proceed(run, Runs.after(6));
    assertThatThrownBy(() -> prepare(IMITATING.formatted(run)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(run + ": the run is not finished, its status is interrupted");
    prepare(IMITATING.formatted(Runs.latest(run).path()));
  }

  private static void prepare(String yaml, String... overrides) {
    Runs.session().prepare(Runs.config(yaml, overrides)).close();
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    assertThatThrownBy(() -> prepare(IMITATING.formatted(temporary.resolve("absent"))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("absent: no such run or checkpoint (imitate.run)");
    assertThatThrownBy(() -> prepare(imitating("one"), "imitate.learner=student1"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "imitate.learner = student1 is not there; one of [student0, teacher]");
    assertThatThrownBy(() -> prepare(imitating("one"), "task.normalize=half"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("prediction.json: not the same as of digits here");
    String text = Files.writeString(temporary.resolve("a.txt"), TextRuns.made(400, 1)).toString();
    assertThatThrownBy(
            () ->
                prepare(
                    imitating("one"),
                    "task={kind: text, data: '" + text + "', tokens: char, length: 13}",
                    "teacher={model: lstm, embedding: 6, hidden: 8, layers: 1}",
                    "batch-size=2",
                    "eval-batch-size=2"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("its network takes");
  }

  @Test
  void wrongKeysAreRefused() {
    refused("imitate.rnu=x", "unknown key: imitate.rnu; did you mean 'run'?");
    refused("imitate.metric=kl-free", "imitate.metric = kl-free is not allowed");
    refused("imitate.learner=pupil", "imitate.learner = pupil is not allowed");
    refused("imitate.temperature=0", "imitate.temperature = 0 is not allowed");
    refused("imitate={metric: js}", "missing key: imitate.run");
    refused(
        "method=lot;students=[{model: mlp}]",
        "method = lot is not allowed; teacher-only with imitate");
  }

  private static void refused(String overrides, String message) {
    assertThatThrownBy(() -> Runs.config(imitating("one"), overrides.split(";")))
        .isInstanceOf(ConfigError.class)
        .hasMessageContaining(message);
  }
}
