package lot4j.train;

import static lot4j.train.MethodRunsTest.PLAIN;
import static lot4j.train.MethodRunsTest.value;
import static lot4j.train.MethodRunsTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs that measure imitability between hidden features. */
class FeatureRunsTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "cnn"})
  void hiddenFeaturesAreMeasured(String model) {
    Path run = temporary.resolve("run");
    Outcome outcome =
        Runs.run(
            run,
            PLAIN,
            with(
                "lot",
                "teacher=" + model,
                "students=[" + model + "]",
                "lot.teacher-metric=l2-features",
                "lot.student-metric=l2-features",
                "budget.updates=1",
                "eval-every=1",
                "checkpoint.every=1"));
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(value(Runs.metricLines(run).get(0), "student0/imitability")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "awd-lstm", "transformer-xl", "gpt"})
  void soAreThoseOfTexts(String model) {
    Path run = temporary.resolve("run");
    String written =
        switch (model) {
          case "lstm" -> TextRuns.LSTM;
          case "awd-lstm" -> TextRuns.AWD_LSTM;
          case "gpt" -> TextRuns.GPT;
          default -> TextRuns.TRANSFORMER_XL;
        };
    Outcome outcome =
        Runs.run(
            run,
            TextRuns.config(temporary, written),
            with(
                "lot", "lot.teacher-metric=l2-features", "budget.updates=2", "precision=bfloat16"));
    assertThat(outcome.status()).isEqualTo(RunStatus.DONE);
    assertThat(value(Runs.metricLines(run).get(0), "teacher/imitability")).isPositive();
  }

  @Test
  void featuresOfOtherWidthsAreRefusedBeforeTraining() {
    assertThatThrownBy(
            () ->
                Runs.create(
                    temporary.resolve("run"),
                    Runs.config(PLAIN, with("lot", "lot.teacher-metric=l2-features"))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "lot.teacher-metric = l2-features is not allowed with students[0], whose last layer"
                + " takes 12 features; the teacher's takes 16 features, equally wide ones can be"
                + " compared");
  }
}
