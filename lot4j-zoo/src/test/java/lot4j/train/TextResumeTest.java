package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Language models that were stopped and resumed end in the bits of those that were not. */
class TextResumeTest {
  private static final String PAPER = "lot.steps=2";
  private static final String RELEASED = "lot.objective=released; lot.steps=2";
  private static final String STUDENT_BATCH = "lot.regularize-on=student-batch; lot.steps=2";
  private static final String STUDENTS_FIRST = STUDENT_BATCH + "; lot.order=students-first";
  private static final String REUSE =
      "lot.regularize-on=task-batch; lot.student-targets=reuse; lot.steps=2";
  private static final String TRIGGER =
      "optimizer={kind: asgd, lr: 5, clip: 0.25, trigger: 1}; eval-every=2";

  private static final Map<String, String> METHODS =
      Map.of(
          "paper", PAPER,
          "released", RELEASED,
          "student-batch", STUDENT_BATCH,
          "students-first", STUDENTS_FIRST,
          "reuse", REUSE);

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "paper, float32, 1",
    "released, bfloat16, 2",
    "student-batch, float32, 1",
    "students-first, bfloat16, 1",
    "reuse, float32, 2"
  })
  void lstm(String method, String precision, int accumulate) {
    check(TextRuns.LSTM, METHODS.get(method), precision, accumulate);
  }

  @ParameterizedTest
  @CsvSource({
    "paper, bfloat16, 1",
    "released, float32, 1",
    "student-batch, float32, 2",
    "students-first, float32, 1",
    "reuse, bfloat16, 1"
  })
  void transformerXl(String method, String precision, int accumulate) {
    check(TextRuns.TRANSFORMER_XL, METHODS.get(method), precision, accumulate);
  }

  @ParameterizedTest
  @CsvSource({"paper, float32", "released, bfloat16"})
  void awdLstmBeforeAndAfterItsTrigger(String method, String precision) {
    check(TextRuns.AWD_LSTM, METHODS.get(method) + ";" + TRIGGER, precision, 1);
    JsonNode begun =
        entries(temporary.resolve("unbroken"))
            .get("teacher/optimizer/optimizer/begun")
            .get("number");
    assertThat(begun.asLong()).as("the trigger's moment").isBetween(1L, 11L);
  }

  @ParameterizedTest
  @CsvSource({"paper, float32", "released, bfloat16"})
  void gpt(String method, String precision) {
    check(TextRuns.GPT, METHODS.get(method), precision, 1);
  }

  private void check(String model, String method, String precision, int accumulate) {
    String config = TextRuns.config(temporary, model);
    String[] set = TextRuns.overrides(method, "precision=" + precision, "accumulate=" + accumulate);
    Path unbroken = temporary.resolve("unbroken");
    assertThat(Runs.run(unbroken, config, set).status()).isEqualTo(RunStatus.DONE);
    Path broken = temporary.resolve("broken");
    Runs.create(broken, Runs.config(config, set));
    for (int stop : new int[] {3, 4, 1}) {
      assertThat(Runs.proceed(broken, Runs.after(stop)).status()).isEqualTo(RunStatus.INTERRUPTED);
    }
    assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(Runs.result(broken)).isEqualTo(Runs.result(unbroken));
    assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));
  }

  @Test
  void bothLearnersCarryAStateAlongBothStreams() {
    String config = TextRuns.config(temporary, TextRuns.LSTM);
    Path run = temporary.resolve("run");
    Runs.run(run, config, TextRuns.overrides(RELEASED));
    JsonNode entries = entries(run);
    for (String learner : new String[] {"teacher", "student0"}) {
      for (String stream : new String[] {"TASK", "STUDENT"}) {
        assertThat(entries.path(learner + "/memory." + stream + ".size").path("number").asInt())
            .as("%s along %s", learner, stream)
            .isEqualTo(2);
      }
    }
  }

  @Test
  void anotherTextIsRefused() {
    String config = TextRuns.config(temporary, TextRuns.LSTM);
    Path run = temporary.resolve("run");
    Runs.create(run, Runs.config(config));
    Runs.proceed(run, Runs.after(3));
    TextRuns.write(temporary.resolve("text.txt"), TextRuns.made(400, 2));
    assertThatThrownBy(() -> Runs.proceed(run, () -> false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the data has changed");
  }

  private static JsonNode entries(Path run) {
    return Runs.json(Runs.latest(run).path().resolve("state.json")).get("entries");
  }
}
