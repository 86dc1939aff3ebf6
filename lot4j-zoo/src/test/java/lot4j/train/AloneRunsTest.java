package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of the methods that train the teacher without students. */
class AloneRunsTest {
  /** Dropout, batches whose gradients are gathered, a short step at each epoch's end. */
  private static final String ALONE =
      """
      name: alone
      task: {kind: image, data: digits, train-examples: 50, augment: crop-flip}
      method: teacher-only
      teacher: {model: cnn, channels: [4], hidden: 8, dropout: 0.3}
      optimizer: {kind: sgd, lr: 0.05, momentum: 0.9, clip: 1}
      schedule: {kind: cosine}
      budget: {updates: 12}
      batch-size: 10
      accumulate: 2
      eval-every: 4
      checkpoint: {every: 5}
      threads: 1
      self-lagged: {every: 4}
      swa: {start: 0.4, every: 2}
      """;

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label-smoothing",
        "confidence-penalty",
        "r-drop",
        "sam",
        "swa",
        "mean-teacher",
        "self-lagged"
      })
  void interruptedItEndsInTheSameBitsAndCostsWhatWasPlanned(String method) {
    Path unbroken = temporary.resolve("unbroken");
    Outcome whole = Runs.run(unbroken, ALONE, "method=" + method);
    assertThat(whole.status()).isEqualTo(RunStatus.DONE);
    Path broken = temporary.resolve("broken");
    Runs.create(broken, Runs.config(ALONE, "method=" + method));
    for (int stop : new int[] {3, 6}) {
      assertThat(Runs.proceed(broken, Runs.after(stop)).status()).isEqualTo(RunStatus.INTERRUPTED);
    }
    assertThat(Runs.proceed(broken, () -> false).status()).isEqualTo(RunStatus.DONE);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(Runs.result(broken)).isEqualTo(Runs.result(unbroken));
    assertThat(Runs.lastFiles(broken)).isEqualTo(Runs.lastFiles(unbroken));

    Plan.Planned planned =
        Plan.of(
            Runs.config(ALONE, "method=" + method),
            config -> Runs.session().prepare(config),
            Runs.CATALOG);
    assertThat(whole.flops()).isEqualTo(planned.flops());
    assertThat(whole.teacherUpdates()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label-smoothing.epsilon=0",
        "confidence-penalty.beta=0",
        "r-drop.alpha=0",
        "sam.rho=0",
        "lot.alpha=0"
      })
  void withoutItsRegularizerItIsTheTeacherAlone(String override) {
    String method = override.startsWith("lot") ? "self-lagged" : override.split("\\.")[0];
    Path plain = temporary.resolve("plain");
    Path other = temporary.resolve("other");
    Runs.run(plain, ALONE);
    Runs.run(other, ALONE, "method=" + method, override);
    assertThat(Runs.metrics(other)).isEqualTo(Runs.metrics(plain));
    assertThat(Runs.weights(other, "teacher")).isEqualTo(Runs.weights(plain, "teacher"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"label-smoothing", "confidence-penalty", "r-drop", "sam", "self-lagged"})
  void theCurvesShowWhatWasAdded(String method) {
    Path run = temporary.resolve("run");
    Runs.run(run, ALONE, "method=" + method);
    for (JsonNode line : Runs.metricLines(run)) {
      if (line.get("split").asText().equals("train")) {
        assertThat(line.get("teacher/penalty").asDouble()).isNotZero();
        assertThat(line.get("teacher/imitability").asDouble()).isNotZero();
      }
    }
  }

  /** The last weights alone are another network than their mean. */
  @Test
  void averagedWeightsAreWhatIsJudged() {
    Path averaged = temporary.resolve("averaged");
    Path last = temporary.resolve("last");
    Runs.run(averaged, ALONE, "method=swa", "select=last", "swa.hold-rate=false");
    Runs.run(last, ALONE, "select=last");
    assertThat(Runs.weights(averaged, "teacher")).isEqualTo(Runs.weights(last, "teacher"));
    assertThat(Runs.result(averaged)).isNotEqualTo(Runs.result(last));
  }
}
