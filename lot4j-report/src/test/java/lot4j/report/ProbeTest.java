package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a probe makes of its runs, against numbers worked out by hand. */
class ProbeTest {
  private static ImitationCurve curve(double... kl) {
    List<ImitationCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < kl.length; i++) {
      points.add(
          new ImitationCurve.Point(
              10L * (i + 1),
              kl[i],
              2 * kl[i],
              OptionalDouble.of(1 - kl[i] / 10),
              OptionalDouble.empty()));
    }
    return new ImitationCurve(points);
  }

  private static ImitationResult result(String teacher, long seed, double entropy, double... kl) {
    return new ImitationResult(
        teacher,
        "student",
        seed,
        "students/" + teacher,
        "valid",
        curve(kl[kl.length - 1] / 2),
        curve(kl),
        OptionalDouble.of(entropy),
        accuracy(0.9),
        accuracy(0.8));
  }

  private static ImitationResult.Score accuracy(double accuracy) {
    return new ImitationResult.Score(OptionalDouble.of(accuracy), OptionalDouble.empty());
  }

  private static ProbedTeacher teacher(String label, long seed, double error, double trainLoss) {
    return new ProbedTeacher(
        label + "-seed" + seed,
        label,
        seed,
        "runs/" + label + "-seed" + seed,
        "error",
        OptionalDouble.of(error),
        OptionalDouble.of(trainLoss));
  }

  /** Two groups of two; the last pair's ranks are swapped. */
  private static Probe probe() {
    return new Probe(
        "tiny",
        "digits",
        List.of(
            teacher("good", 0, 0.10, 0.5),
            teacher("good", 1, 0.20, 0.1),
            teacher("poor", 0, 0.40, 0.2),
            teacher("poor", 1, 0.30, 0.4)),
        List.of(
            result("good-seed0", 1000, 1.0, 0.5, 0.1),
            result("good-seed1", 1000, 0.5, 0.6, 0.2),
            result("poor-seed0", 1000, 0.2, 0.9, 0.3),
            result("poor-seed1", 1000, 0.8, 0.9, 0.4),
            result("poor-seed1", 1001, 0.8, 0.9, 0.6)));
  }

  @Test
  void theAreaIsTheMeanByTheTrapezoidalRule() {
    // steps 10, 20, 30: (1 + .5) / 2 · 10 + (.5 + .1) / 2 · 10 over 20
    assertThat(curve(1, 0.5, 0.1).area()).hasValue((0.75 * 10 + 0.3 * 10) / 20);
    assertThat(curve(1).area()).isEmpty();
  }

  @Test
  void theFirstEvaluationAtOrBelowAThresholdCounts() {
    assertThat(curve(1, 0.3, 0.1, 0.4).stepsTo(0.3)).isEqualTo(OptionalLong.of(20));
    assertThat(curve(1, 0.3).stepsTo(0.1)).isEmpty();
  }

  @Test
  void aTeachersNumberIsTheMeanOverItsStudents() {
    Probe probe = probe();
    assertThat(probe.of(probe.teachers().get(3), "student", ProbeMeasure.HELD_OUT_KL))
        .hasValue((0.4 + 0.6) / 2);
    assertThat(probe.of(probe.teachers().get(3), "other", ProbeMeasure.HELD_OUT_KL)).isEmpty();
  }

  @Test
  void measuresAreWhatTheySay() {
    ImitationResult result = result("x", 0, 0.5, 0.6, 0.2);
    assertThat(ProbeMeasure.HELD_OUT_KL.of(result)).hasValue(0.2);
    assertThat(ProbeMeasure.HELD_OUT_KL_REVERSE.of(result)).hasValue(0.4);
    assertThat(ProbeMeasure.HELD_OUT_AREA.of(result)).hasValue(0.4);
    assertThat(ProbeMeasure.TRAIN_KL.of(result)).hasValue(0.1);
    assertThat(ProbeMeasure.TRAIN_AREA.of(result)).isEmpty();
    assertThat(ProbeMeasure.RELATIVE_KL.of(result)).hasValue(0.4);
    assertThat(ProbeMeasure.DISAGREEMENT.of(result).getAsDouble()).isCloseTo(0.02, within(1e-12));
    assertThat(result.gap()).hasValue(0.1);
  }

  @Test
  void theRankingIsSpearmansOverTeachers() {
    Probe.Ranking ranking =
        probe().rankings().stream()
            .filter(each -> each.measure() == ProbeMeasure.HELD_OUT_KL)
            .findFirst()
            .orElseThrow();
    // KL .1 .2 .3 .5 has ranks 1 2 3 4, error .1 .2 .4 .3 has 1 2 4 3: 1 − 6·2 / (4·15)
    assertThat(ranking.raw().n()).isEqualTo(4);
    assertThat(ranking.raw().value().getAsDouble()).isCloseTo(0.8, within(1e-12));
    assertThat(Probe.verdict(ranking.raw())).isEqualTo("not resolved");
    // Two controls leave four cases no freedom.
    assertThat(ranking.partial().value()).isEmpty();
    assertThat(Probe.verdict(ranking.partial())).isEqualTo("not resolved");
  }

  @Test
  void aPerfectOrderOfManyIsResolvedAndItsReverseSaysLess() {
    List<ProbedTeacher> teachers = new ArrayList<>();
    List<ImitationResult> same = new ArrayList<>();
    List<ImitationResult> reverse = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      teachers.add(teacher("t", i, 0.01 * i, i % 3));
      same.add(result("t-seed" + i, 1000, 0.5 + i % 5, 1, 0.1 + 0.01 * i));
      reverse.add(result("t-seed" + i, 1000, 0.5 + i % 5, 1, 0.9 - 0.01 * i));
    }
    Probe.Ranking up = new Probe("up", "", teachers, same).rankings().get(0);
    Probe.Ranking down = new Probe("down", "", teachers, reverse).rankings().get(0);
    assertThat(up.raw().value()).hasValue(1);
    assertThat(Probe.verdict(up.raw())).isEqualTo("harder to imitate, more error");
    assertThat(up.partial().value().getAsDouble()).isCloseTo(1, within(1e-9));
    assertThat(down.raw().value()).hasValue(-1);
    assertThat(Probe.verdict(down.raw())).isEqualTo("harder to imitate, less error");
  }

  @Test
  void groupsAreComparedSeedBySeed() {
    Probe.Difference difference =
        probe().differences().stream()
            .filter(each -> each.measure() == ProbeMeasure.HELD_OUT_KL)
            .findFirst()
            .orElseThrow();
    assertThat(difference.a()).isEqualTo("poor");
    assertThat(difference.b()).isEqualTo("good");
    assertThat(difference.n()).isEqualTo(2);
    assertThat(difference.difference()).isCloseTo(((0.3 - 0.1) + (0.5 - 0.2)) / 2, within(1e-12));
  }

  @Test
  void theDocumentHasEveryNumberOrItsReason() {
    JsonNode json = probe().json();
    assertThat(json.path("schema").asText()).isEqualTo("lot4j-probe-1");
    assertThat(json.at("/students/0/measures/held_out_kl").asDouble()).isEqualTo(0.1);
    assertThat(json.at("/students/0/measures/train_area").isNull()).isTrue();
    assertThat(json.at("/students/0/measures/train_area_reason").asText()).isNotEmpty();
    assertThat(json.at("/students/0/steps_to/0.1").asLong()).isEqualTo(20);
    assertThat(json.at("/students/1/steps_to/0.1").isNull()).isTrue();
    assertThat(json.at("/groups/0/held_out_kl/mean").asDouble()).isCloseTo(0.15, within(1e-12));
    assertThat(json.at("/rankings/0/spearman/value").asDouble()).isCloseTo(0.8, within(1e-12));
    assertThat(json.toString()).doesNotContain("NaN");
  }

  @Test
  void itIsReadBackAsItWasWritten(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("probe.json"), probe().json().toPrettyString());
    assertThat(Probe.isProbe(directory)).isTrue();
    assertThat(Probe.read(directory).json()).isEqualTo(probe().json());
    assertThat(Report.of(List.of(directory)).markdown()).isEqualTo(probe().markdown());
    Files.writeString(directory.resolve("probe.json"), "{\"schema\":\"other\"}");
    assertThatThrownBy(() -> Probe.read(directory))
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("schema is not lot4j-probe-1");
  }

  /** Networks that predict a number: entropy may be negative, and there are no classes. */
  private static Probe ofNumbers() {
    List<ProbedTeacher> teachers = new ArrayList<>();
    List<ImitationResult> results = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String id = "t-seed" + i;
      teachers.add(
          new ProbedTeacher(
              id, "t", i, "runs/" + id, "rmse", OptionalDouble.of(50 + i), OptionalDouble.of(4)));
      OptionalDouble none = OptionalDouble.empty();
      ImitationCurve curve =
          new ImitationCurve(
              List.of(
                  new ImitationCurve.Point(5, 2, 3, none, OptionalDouble.of(30)),
                  new ImitationCurve.Point(10, 0.5 + i, 1, none, OptionalDouble.of(12 - i))));
      results.add(
          new ImitationResult(
              id,
              "student",
              1000,
              "students/" + id,
              "valid",
              new ImitationCurve(List.of()),
              curve,
              OptionalDouble.of(-1 + i),
              new ImitationResult.Score(none, OptionalDouble.of(51 + i)),
              new ImitationResult.Score(none, OptionalDouble.of(60 + i))));
    }
    return new Probe("houses", "houses", teachers, results);
  }

  @Test
  void numbersHaveADistanceInPlaceOfAgreementAndRelativeDivergence() {
    Probe probe = ofNumbers();
    assertThat(probe.numbers()).isTrue();
    assertThat(probe().numbers()).isFalse();
    ImitationResult result = probe.results().get(1);
    assertThat(ProbeMeasure.DISTANCE.of(result)).hasValue(11);
    assertThat(ProbeMeasure.RELATIVE_KL.of(result)).isEmpty();
    assertThat(ProbeMeasure.DISAGREEMENT.of(result)).isEmpty();
    assertThat(probe.rankings())
        .extracting(Probe.Ranking::measure)
        .containsExactly(
            ProbeMeasure.HELD_OUT_KL,
            ProbeMeasure.HELD_OUT_KL_REVERSE,
            ProbeMeasure.HELD_OUT_AREA,
            ProbeMeasure.DISTANCE);
    assertThat(probe.rankings().get(0).raw().value()).hasValue(1);
    assertThat(probe.rankings().get(3).raw().value()).hasValue(-1);
  }

  @Test
  void aProbeOfNumbersIsWrittenAndReadBack(@TempDir Path directory) throws IOException {
    Probe probe = ofNumbers();
    JsonNode json = probe.json();
    assertThat(json.at("/students/0/held_out/distance").toString()).isEqualTo("[30.0,12.0]");
    assertThat(json.at("/students/0/held_out").has("agreement")).isFalse();
    assertThat(json.at("/students/0/student_rmse").asDouble()).isEqualTo(60);
    assertThat(json.at("/students/0").has("student_accuracy")).isFalse();
    assertThat(json.at("/students/0/measures/distance").asDouble()).isEqualTo(12);
    assertThat(json.at("/groups/0/distance/mean").asDouble()).isEqualTo(11);
    assertThat(json.at("/groups/0").has("disagreement")).isFalse();
    Files.writeString(directory.resolve("probe.json"), json.toPrettyString());
    Probe read = Probe.read(directory);
    assertThat(read.json()).isEqualTo(json);
    assertThat(read.results()).isEqualTo(probe.results());
    assertThat(probe.csv().lines().limit(2))
        .containsExactly(
            "teacher,label,teacher_seed,student,student_seed,split,step,kl_free_reference,"
                + "kl_reference_free,distance",
            "t-seed0,t,0,student,1000,valid,5,2.0,3.0,30.0");
    assertThat(probe.text()).contains("test rmse", "distance").doesNotContain("agreement");
    assertThat(probe.markdown()).contains("normal distributions", "Distance");
    assertThat(probe.html()).contains("held-out distance").doesNotContain("held-out agreement");
  }

  @Test
  void theCsvHasALineForEveryEvaluation() {
    List<String> lines = probe().csv().lines().toList();
    assertThat(lines).hasSize(1 + 5 * (1 + 2));
    assertThat(lines.get(1)).isEqualTo("good-seed0,good,0,student,1000,train,10,0.05,0.1,0.995");
    assertThat(lines.get(2)).isEqualTo("good-seed0,good,0,student,1000,valid,10,0.5,1.0,0.95");
  }

  @Test
  void hostileNamesStayTexts() {
    Probe hostile =
        new Probe(
            "</script><b>|x",
            "",
            List.of(teacher("=cmd", 0, 0.1, 0.1)),
            List.of(result("=cmd-seed0", 1000, 1, 0.5, 0.1)));
    assertThat(hostile.html()).doesNotContain("</script><b>");
    assertThat(hostile.markdown()).doesNotContain("<b>").contains("\\|x");
    assertThat(hostile.csv()).contains("'=cmd");
  }

  @Test
  void aProbeWithoutResultsSaysSo() {
    Probe empty = new Probe("none", "", List.of(), List.of());
    assertThat(empty.text()).contains("No imitated run has a test error to be ranked by.");
    assertThat(empty.json().path("rankings")).isEmpty();
  }
}
