package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lot4j.config.RunConfig;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must not matter does not, through whole runs. */
class EquivalenceTest {
  private static final String NETWORKS =
      """
      teacher: {model: cnn, channels: [6], hidden: 8, dropout: 0.3}
      students: [{model: cnn, channels: [4], hidden: 8, dropout: 0.2}]
      """;
  private static final String RICH =
      """
      name: rich
      task: {kind: image, data: digits, train-examples: 50, augment: crop-flip}
      optimizer: {kind: sgd, lr: 0.05, momentum: 0.9, nesterov: true, weight-decay: 1e-4}
      schedule: {kind: cosine}
      budget: {updates: 8}
      batch-size: 12
      ema: 0.9
      eval-every: 4
      checkpoint: {every: 8}
      select: last
      threads: 1
      """;

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "teacher-first, fresh-batch, float32, 1",
    "students-first, student-batch, bfloat16, 1",
    "joint, task-batch, float32, 2",
    "teacher-first, task-batch, bfloat16, 2"
  })
  void anAlphaOfZeroIsTheTeacherAloneBitForBit(
      String order, String regularizeOn, String precision, int accumulate) {
    String[] shared = {"precision=" + precision, "accumulate=" + accumulate};
    Path alone = temporary.resolve("alone");
    Runs.run(alone, RICH + NETWORKS, with(shared, "method=teacher-only"));
    Path lot = temporary.resolve("lot");
    Outcome outcome =
        Runs.run(
            lot,
            RICH + NETWORKS,
            with(
                shared,
                "method=lot",
                "lot.alpha=0",
                "lot.steps=2",
                "lot.order=" + order,
                "lot.regularize-on=" + regularizeOn));
    assertThat(outcome.studentUpdates()).isEqualTo(16);
    assertThat(Runs.weights(lot, "teacher")).isEqualTo(Runs.weights(alone, "teacher"));
    assertThat(scores(lot)).isEqualTo(scores(alone));

    // It would be noticed: with another α the bytes differ.
    Path other = temporary.resolve("other");
    Runs.run(
        other,
        RICH + NETWORKS,
        with(
            shared,
            "method=lot",
            "lot.alpha=0.1",
            "lot.steps=2",
            "lot.order=" + order,
            "lot.regularize-on=" + regularizeOn));
    assertThat(Runs.weights(other, "teacher")).isNotEqualTo(Runs.weights(alone, "teacher"));
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static JsonNode scores(Path run) {
    return Runs.json(run.resolve("result.json")).get("splits").get("test").get("teacher");
  }

  @ParameterizedTest
  @CsvSource({"fresh-batch", "task-batch"})
  void withoutStepsTheStudentsKeepTheirInitialWeights(String regularizeOn) {
    Path directory = temporary.resolve("run");
    RunConfig config =
        Runs.config(
            RICH + NETWORKS, "method=lot", "lot.steps=0", "lot.regularize-on=" + regularizeOn);
    Runs.create(directory, config);
    assertThat(Runs.proceed(directory, () -> false).studentUpdates()).isZero();
    try (PointerScope scope = new PointerScope();
        Prepared<?> prepared = Runs.session().prepare(config);
        Course<?> fresh = new Assembly<>(config, prepared, Runs.CATALOG).course()) {
      Seat student = fresh.students().get(0);
      Map<String, Tensor> trained = new LinkedHashMap<>();
      student.tensors().forEach((name, tensor) -> trained.put(name, tensor.clone()));
      Runs.latest(directory).restoreLearner("student0", trained);
      student
          .tensors()
          .forEach((name, tensor) -> assertThat(trained.get(name).equal(tensor)).isTrue());
    }
  }

  /** The position of every stream and the order of the teacher's data, as the checkpoint has it. */
  private Map<String, String> streams(String name, String... overrides) {
    Path directory = temporary.resolve(name);
    Runs.run(directory, RICH + NETWORKS, overrides);
    JsonNode entries =
        Runs.json(Runs.latest(directory).path().resolve("state.json")).get("entries");
    Map<String, String> streams = new LinkedHashMap<>();
    entries
        .fields()
        .forEachRemaining(
            entry -> {
              if (entry.getKey().startsWith("stream.task")) {
                streams.put(entry.getKey(), entry.getValue().toString());
              }
            });
    assertThat(streams).isNotEmpty();
    return streams;
  }

  @Test
  void theTeachersDataDoesNotDependOnAlphaOnStepsOrOnTheStudents() {
    Map<String, String> alone = streams("alone", "method=teacher-only");
    assertThat(streams("paper", "method=lot")).isEqualTo(alone);
    assertThat(streams("alpha", "method=lot", "lot.alpha=3", "lot.steps=3")).isEqualTo(alone);
    assertThat(
            streams(
                "two",
                "method=lot",
                "students=[{model: mlp, dropout: 0.5}, {model: cnn, channels: [4]}]",
                "student-batch-size=7"))
        .isEqualTo(alone);
    assertThat(streams("seed", "method=teacher-only", "seeds=[5]")).isNotEqualTo(alone);
  }

  @Test
  void twoEqualStudentsOfHalfTheWeightAreOneOfFullWeight() {
    // Equal initial weights: both begin with those of another run's teacher.
    Path source = temporary.resolve("source");
    Runs.run(source, Runs.SMALL, "method=teacher-only");
    String one = "students=[{model: mlp, hidden: [16], init-from: " + source + "}]";
    String half = "{model: mlp, hidden: [16], lambda: 0.5, init-from: " + source + "}";
    String two = "students=[" + half + ", " + half + "]";
    Path single = temporary.resolve("single");
    Path both = temporary.resolve("both");
    Runs.run(single, Runs.SMALL, one, "seeds=[3]", "lot.steps=2");
    Runs.run(both, Runs.SMALL, two, "seeds=[3]", "lot.steps=2");
    assertClose(single, "teacher", both, "teacher", 1e-6);
    assertClose(single, "student0", both, "student1", 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"teacher-first, fresh-batch", "joint, task-batch"})
  void aBatchOfEightIsTwoOfFourAccumulated(String order, String regularizeOn) {
    String[] lot = {"lot.order=" + order, "lot.regularize-on=" + regularizeOn, "lot.steps=2"};
    Path eight = temporary.resolve("eight");
    Path fours = temporary.resolve("fours");
    Outcome whole = Runs.run(eight, Runs.SMALL, with(lot, "batch-size=8"));
    Outcome parts = Runs.run(fours, Runs.SMALL, with(lot, "batch-size=4", "accumulate=2"));
    assertClose(eight, "teacher", fours, "teacher", 1e-4);
    assertClose(eight, "student0", fours, "student0", 1e-4);
    assertThat(parts.flops()).isEqualTo(whole.flops());
    List<JsonNode> a = Runs.metricLines(eight);
    List<JsonNode> b = Runs.metricLines(fours);
    for (int i = 0; i < a.size(); i++) {
      assertThat(b.get(i).get("samples")).isEqualTo(a.get(i).get("samples"));
      assertThat(b.get(i).get("teacher/loss").asDouble())
          .isCloseTo(a.get(i).get("teacher/loss").asDouble(), within(1e-4));
    }
  }

  private static void assertClose(
      Path a, String learnerA, Path b, String learnerB, double tolerance) {
    try (PointerScope scope = new PointerScope()) {
      var left = Runs.latest(a).learner(learnerA);
      var right = Runs.latest(b).learner(learnerB);
      assertThat(left.names()).isEqualTo(right.names()).isNotEmpty();
      for (String name : left.names()) {
        assertThat(torch.allclose(left.read(name), right.read(name), tolerance, tolerance, false))
            .as(name)
            .isTrue();
      }
    }
  }

  /** Planned before, counted during: the same number, samples, updates and all. */
  @ParameterizedTest
  @CsvSource({
    "teacher-only, 1, 1, fresh-batch, teacher-first",
    "lot, 2, 1, fresh-batch, teacher-first",
    "lot, 1, 2, task-batch, joint",
    "lot, 3, 1, student-batch, students-first"
  })
  void thePlannedFlopsAreTheMeasuredOnes(
      String method, int steps, int accumulate, String regularizeOn, String order) {
    String[] overrides = {
      "method=" + method,
      "lot.steps=" + steps,
      "accumulate=" + accumulate,
      "lot.regularize-on=" + regularizeOn,
      "lot.order=" + order,
      "lot.batch-fraction=0.6",
      "lot.every=2",
      "lot.start=3",
      "student-batch-size=7"
    };
    RunConfig config = Runs.config(RICH + NETWORKS, overrides);
    Outcome outcome = Runs.run(temporary.resolve("run"), RICH + NETWORKS, overrides);
    try (Prepared<?> prepared = Runs.session().prepare(config)) {
      Plan.Planned planned = Plan.of(config, c -> prepared, Runs.CATALOG);
      assertThat(outcome.flops()).isEqualTo(planned.flops());
      assertThat(outcome.teacherUpdates()).isEqualTo(planned.bill().teacher().steps());
      assertThat(outcome.studentUpdates()).isEqualTo(planned.studentUpdates());
      List<JsonNode> lines = Runs.metricLines(temporary.resolve("run"));
      assertThat(lines.get(lines.size() - 1).get("samples").asLong())
          .isEqualTo(planned.bill().samples());
    }
  }
}
