package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.Network;
import lot4j.config.RunConfig;
import lot4j.random.Streams;
import lot4j.task.PreparedText;
import lot4j.task.TextBatch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must not matter does not, through whole runs on text. */
class TextEquivalenceTest {
  @TempDir Path temporary;

  private Outcome run(String name, String config, String... overrides) {
    return Runs.run(temporary.resolve(name), config, overrides);
  }

  private byte[] teacher(String name) {
    return Runs.weights(temporary.resolve(name), "teacher");
  }

  private static JsonNode scores(Path run) {
    return Runs.json(run.resolve("result.json")).get("splits").get("test").get("teacher");
  }

  @ParameterizedTest
  @CsvSource({
    "lstm, teacher-first, fresh-batch, float32, 1",
    "lstm, students-first, student-batch, bfloat16, 2",
    "lstm, joint, task-batch, float32, 2",
    "transformer-xl, joint, task-batch, bfloat16, 1",
    "transformer-xl, teacher-first, task-batch, float32, 1",
    "gpt, teacher-first, student-batch, float32, 1"
  })
  void anAlphaOfZeroIsTheTeacherAloneBitForBit(
      String model, String order, String regularizeOn, String precision, int accumulate) {
    Map<String, String> models =
        Map.of(
            "lstm", TextRuns.LSTM,
            "transformer-xl", TextRuns.TRANSFORMER_XL,
            "gpt", TextRuns.GPT);
    String config = TextRuns.config(temporary, models.get(model));
    String shared = "precision=" + precision + ";accumulate=" + accumulate;
    String lot = shared + ";lot.steps=2;lot.order=" + order + ";lot.regularize-on=" + regularizeOn;
    run("alone", config, TextRuns.overrides(shared, "method=teacher-only"));
    Outcome outcome = run("lot", config, TextRuns.overrides(lot, "lot.alpha=0"));
    assertThat(outcome.studentUpdates()).isEqualTo(24);
    assertThat(teacher("lot")).isEqualTo(teacher("alone"));
    assertThat(scores(temporary.resolve("lot"))).isEqualTo(scores(temporary.resolve("alone")));
    assertThat(entries("lot", "teacher/memory.TASK"))
        .isEqualTo(entries("alone", "teacher/memory.TASK"));

    // It would be noticed: with another α the bytes differ.
    run("other", config, TextRuns.overrides(lot, "lot.alpha=0.1"));
    assertThat(teacher("other")).isNotEqualTo(teacher("alone"));
  }

  private Map<String, String> entries(String name, String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    JsonNode state =
        Runs.json(Runs.latest(temporary.resolve(name)).path().resolve("state.json")).get("entries");
    state
        .fields()
        .forEachRemaining(
            entry -> {
              if (entry.getKey().startsWith(prefix)) {
                found.put(entry.getKey(), entry.getValue().toString());
              }
            });
    assertThat(found).isNotEmpty();
    return found;
  }

  @ParameterizedTest
  @CsvSource({"fresh-batch", "task-batch"})
  void withoutStepsTheStudentsKeepTheirInitialWeights(String regularizeOn) {
    RunConfig config =
        Runs.config(
            TextRuns.config(temporary, TextRuns.LSTM),
            "lot.steps=0",
            "lot.regularize-on=" + regularizeOn);
    Path run = Runs.create(temporary.resolve("run"), config);
    assertThat(Runs.proceed(run, () -> false).studentUpdates()).isZero();
    try (PointerScope scope = new PointerScope();
        Prepared<?> prepared = Runs.session().prepare(config);
        Course<?> fresh = new Assembly<>(config, prepared, Runs.CATALOG).course()) {
      Seat student = fresh.students().get(0);
      Map<String, Tensor> trained = new LinkedHashMap<>();
      student.tensors().forEach((name, tensor) -> trained.put(name, tensor.clone()));
      Runs.latest(run).restoreLearner("student0", trained);
      student
          .tensors()
          .forEach((name, tensor) -> assertThat(trained.get(name).equal(tensor)).isTrue());
    }
  }

  /** Planned before, counted during: the same number, samples, updates and all. */
  @ParameterizedTest
  @CsvSource({
    "lstm, teacher-only, 1, 1, fresh-batch, teacher-first",
    "lstm, lot, 2, 1, fresh-batch, teacher-first",
    "lstm, lot, 1, 2, task-batch, joint",
    "transformer-xl, lot, 3, 1, student-batch, students-first",
    "transformer-xl, lot, 2, 2, student-batch, teacher-first",
    "gpt, lot, 2, 1, task-batch, teacher-first",
    "gpt, lot, 1, 2, fresh-batch, students-first"
  })
  void thePlannedFlopsAreTheMeasuredOnes(
      String model, String method, int steps, int accumulate, String regularizeOn, String order) {
    Map<String, String> models =
        Map.of(
            "lstm", TextRuns.LSTM,
            "transformer-xl", TextRuns.TRANSFORMER_XL,
            "gpt", TextRuns.GPT);
    String yaml = TextRuns.config(temporary, models.get(model));
    for (String rare : new String[] {"", "lot.batch-fraction=0.5;lot.every=2;lot.start=3"}) {
      String[] overrides =
          TextRuns.overrides(
              rare,
              "method=" + method,
              "lot.steps=" + steps,
              "accumulate=" + accumulate,
              "lot.regularize-on=" + regularizeOn,
              "lot.order=" + order);
      Outcome outcome = run("run" + rare.length(), yaml, overrides);
      RunConfig config = Runs.config(yaml, overrides);
      try (Prepared<?> prepared = Runs.session().prepare(config)) {
        Plan.Planned planned = Plan.of(config, c -> prepared, Runs.CATALOG);
        assertThat(outcome.flops()).isEqualTo(planned.flops());
        assertThat(outcome.teacherUpdates()).isEqualTo(planned.bill().teacher().steps());
        assertThat(outcome.studentUpdates()).isEqualTo(planned.studentUpdates());
        List<JsonNode> lines = Runs.metricLines(temporary.resolve("run" + rare.length()));
        assertThat(lines.get(lines.size() - 1).get("samples").asLong())
            .isEqualTo(planned.bill().samples());
      }
    }
  }

  @Test
  void anEpochIsTheWholeTextWithItsLastShortPiece() {
    Outcome outcome =
        run(
            "run",
            TextRuns.config(temporary, TextRuns.LSTM),
            "method=teacher-only",
            "budget={epochs: 2}");
    // 324 characters in 3 columns of 108: 107 rows have a next one, in 9 pieces of 13.
    assertThat(outcome.teacherUpdates()).isEqualTo(18);
    List<JsonNode> lines = Runs.metricLines(temporary.resolve("run"));
    assertThat(lines.get(lines.size() - 1).get("samples").asLong()).isEqualTo(2 * 3 * 107);
  }

  @Test
  void theSameRunTwiceGivesTheSameBitsAndAnotherSeedOthers() {
    for (String model : new String[] {TextRuns.AWD_LSTM, TextRuns.TRANSFORMER_XL}) {
      String config = TextRuns.config(temporary, model);
      String name = Integer.toHexString(model.hashCode());
      run("once" + name, config);
      run("twice" + name, config);
      run("seed" + name, config, "seeds=[7]");
      Path once = temporary.resolve("once" + name);
      assertThat(Runs.lastFiles(temporary.resolve("twice" + name))).isEqualTo(Runs.lastFiles(once));
      assertThat(Runs.metrics(temporary.resolve("twice" + name))).isEqualTo(Runs.metrics(once));
      assertThat(teacher("seed" + name)).isNotEqualTo(teacher("once" + name));
    }
  }

  @Test
  void theStudentsFollowTheirOwnSchedule() {
    String config = TextRuns.config(temporary, TextRuns.LSTM);
    run("same", config, "lot.alpha=0");
    run("step", config, "lot.alpha=0", "student-schedule={kind: step, size: 1, gamma: 0.1}");
    assertThat(teacher("step")).isEqualTo(teacher("same"));
    assertThat(Runs.weights(temporary.resolve("step"), "student0"))
        .isNotEqualTo(Runs.weights(temporary.resolve("same"), "student0"));
  }

  @Test
  void aPlateauWatchesItsLearnersOwnPerplexity() {
    String plateau = "schedule={kind: plateau, threshold: 0}";
    run("run", TextRuns.config(temporary, TextRuns.LSTM), plateau, "lot.steps=2");
    Path run = temporary.resolve("run");
    JsonNode state = Runs.json(Runs.latest(run).path().resolve("state.json")).get("entries");
    for (String learner : new String[] {"teacher", "student0"}) {
      double best = Double.POSITIVE_INFINITY;
      for (JsonNode line : Runs.metricLines(run)) {
        if (line.get("split").asText().equals("valid")) {
          best = Math.min(best, line.get(learner + "/perplexity").asDouble());
        }
      }
      assertThat(state.get(learner + "/optimizer/schedule/best").get("real").asDouble())
          .isEqualTo(best);
    }
  }

  /** Every token that a stream gives in {@code steps} steps. */
  private static Set<Long> tokens(BatchSource<TextBatch> stream, int steps, boolean labelled) {
    Set<Long> tokens = new TreeSet<>();
    try (PointerScope scope = new PointerScope()) {
      for (int i = 0; i < steps; i++) {
        for (TextBatch piece : stream.next()) {
          assertThat(piece.targets().isPresent()).isEqualTo(labelled);
          Tensor flat = piece.inputs().reshape(-1);
          for (long n = 0; n < flat.numel(); n++) {
            tokens.add(flat.get(n).item_long());
          }
        }
      }
    }
    return tokens;
  }

  @Test
  void studentsReadTheirOwnTextAndTheTeacherOnlyItsOwn() {
    Path other = TextRuns.write(temporary.resolve("other.txt"), "feed fee ".repeat(30));
    String yaml = TextRuns.config(temporary, TextRuns.LSTM);
    RunConfig config = Runs.config(yaml, "task.unlabelled=" + other);
    try (PreparedText prepared = (PreparedText) Runs.session().prepare(config);
        Learner teacher = Learner.of(Network.of(x -> x), Descent.none())) {
      Set<Long> theirs = new TreeSet<>();
      for (int id : prepared.vocabulary().encode("fed ")) {
        theirs.add((long) id);
      }
      Streams streams = new Streams(0);
      // An epoch is 11 pieces of the students' text and 9 of the teacher's.
      assertThat(tokens(prepared.studentStream(teacher, null, 2, 1, streams), 60, false))
          .isEqualTo(theirs);
      assertThat(tokens(prepared.taskStream(teacher, 3, 1, streams), 20, true))
          .hasSizeGreaterThan(theirs.size());
      assertThat(prepared.counts()).containsEntry("train", 324L).containsEntry("student", 270L);
    }
  }

  @Test
  void anotherTextForTheStudentsReachesTheTeacherThroughThemAlone() {
    Path other = TextRuns.write(temporary.resolve("other.txt"), "feed fee ".repeat(30));
    String yaml = TextRuns.config(temporary, TextRuns.LSTM);
    String[] unlabelled = {"task.unlabelled=" + other};
    run("own", yaml, "lot.alpha=0");
    run("other", yaml, TextRuns.overrides("lot.alpha=0", unlabelled));
    assertThat(teacher("other")).isEqualTo(teacher("own"));
    assertThat(Runs.weights(temporary.resolve("other"), "student0"))
        .isNotEqualTo(Runs.weights(temporary.resolve("own"), "student0"));
    run("taught", yaml, unlabelled);
    assertThat(teacher("taught")).isNotEqualTo(teacher("own"));
  }
}
