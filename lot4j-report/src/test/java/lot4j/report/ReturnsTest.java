package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons of reinforcement learning. */
class ReturnsTest {
  private static final double[] PLAIN = {100, 120, 130, 90, 110, 400};
  private static final double[] LOT = {180, 200, 215, 172, 194, 486};

  @TempDir Path folder;

  @Test
  void verdictSpeaksOfEqualStepsAndOfComputeThatIsNotMatched() {
    assertThat(cartpole().verdict())
        .startsWith(
            "lot-paper is better than teacher-only at equal environment steps: test return +82.83,"
                + " 95 % interval +")
        .contains(", t +")
        .endsWith(
            ", 6 seeds, p 0.031 by sign flips (the smallest 6 seeds can reach); lot-paper used 3.50"
                + " times the FLOPs of teacher-only, which is not matched.")
        .doesNotContain("percentage");
  }

  @Test
  void verdictSaysWhereStepsDiffer() {
    Comparison comparison =
        new SyntheticReturns(folder)
            .method("teacher-only", "teacher-only", 200_000, 2e9, PLAIN)
            .method("lot-paper", "lot", 100_000, 2e9, LOT)
            .compare();
    assertThat(comparison.verdict())
        .startsWith("lot-paper is better than teacher-only: ")
        .endsWith(
            "6 seeds, p 0.031 by sign flips (the smallest 6 seeds can reach); not at equal"
                + " environment steps: lot-paper made 100,000, teacher-only 200,000.");
  }

  @Test
  void equalComputeIsNotTheBaseline() {
    Comparison comparison =
        new SyntheticReturns(folder)
            .method("teacher-only", "teacher-only", 2e9, PLAIN)
            .method("teacher-only-equal-compute", "teacher-only-equal-compute", 7e9, LOT)
            .method("lot-paper", "lot", 7e9, LOT)
            .compare();
    assertThat(comparison.findings().get(0).baseline()).hasValue("teacher-only");
  }

  @Test
  void aRunThatGoesOnIsKnownByItsConfiguration() {
    Comparison comparison = new SyntheticReturns(folder).running("lot-paper", "lot", 0).compare();
    assertThat(comparison.primary()).isEmpty();
    assertThat(comparison.isReinforcement()).isTrue();
    assertThat(comparison.html()).contains("train teacher/return by environment steps");
    assertThat(comparison.text()).contains("return, IQM");
  }

  @Test
  void documentHasTheIntervalsTheStepsAndTheCurve() {
    JsonNode json = SyntheticRuns.parse(cartpole().json().toString());
    JsonNode lot = json.path("methods").path("lot-paper");
    // Without 172 and 486: (180 + 194 + 200 + 215) / 4
    assertThat(lot.path("iqm").doubleValue()).isCloseTo(197.25, within(1e-12));
    assertThat(lot.path("iqm_ci95").path(0).doubleValue()).isBetween(172.0, 197.25);
    assertThat(lot.path("iqm_ci95").path(1).doubleValue()).isBetween(197.25, 486.0);
    assertThat(lot.path("environment_steps").intValue()).isEqualTo(100_000);
    assertThat(lot.has("generalization_gap")).isFalse();
    JsonNode pair = json.path("pairs").path(0);
    // 31 of 36: only the plain 400 beats five of LoT's runs
    assertThat(pair.path("probability_of_improvement").doubleValue()).isEqualTo(31 / 36.0);
    assertThat(pair.path("probability_of_improvement_ci95").path(0).doubleValue())
        .isBetween(0.4, 0.85);
    assertThat(pair.path("probability_of_improvement_ci95").path(1).doubleValue()).isEqualTo(1);
    JsonNode curve = lot.path("learning_curve");
    assertThat(curve.path("n").intValue()).isEqualTo(6);
    // The slowest seeds report first at line 4 of 20.
    assertThat(curve.path("environment_steps").path(0).doubleValue()).isEqualTo(20_000);
    assertThat(curve.path("environment_steps").path(16).doubleValue()).isEqualTo(100_000);
    assertThat(curve.path("iqm").path(16).doubleValue()).isCloseTo(197.25, within(1e-9));
    assertThat(curve.path("iqm")).hasSize(17);
    assertThat(curve.path("low").path(16)).isEqualTo(lot.path("iqm_ci95").path(0));
  }

  @Test
  void accuraciesHaveNoCurveInTheirDocument() {
    Comparison comparison =
        new SyntheticRuns(folder).method("lot-paper", "lot", 4e9, 0.9, 0.91).compare();
    JsonNode lot = comparison.json().path("methods").path("lot-paper");
    assertThat(lot.has("learning_curve")).isFalse();
    assertThat(lot.has("environment_steps")).isFalse();
    assertThat(lot.has("iqm_ci95")).isTrue();
  }

  @Test
  void whereNoEpisodeEndedTheLastReturnHolds() {
    Curve curve =
        Curve.robust(
            cartpole().methods().get(0),
            "train",
            "teacher/return",
            Curve.Against.ENVIRONMENT_STEPS);
    Curve.Point point =
        curve.points().stream().filter(p -> p.x() == 50_000).findFirst().orElseThrow();
    // Seed 0 has no return at 50,000 steps, its 9/20 of 100 stand: 45 (45 55 60 65) 200
    assertThat(point.mean()).isCloseTo(56.25, within(1e-9));
    assertThat(point.low()).isLessThan(point.mean());
    assertThat(point.high()).isGreaterThan(point.mean());
  }

  @Test
  void tablesShowIqmBesideMeanWithoutPercent() {
    List<String> lines = cartpole().text().lines().toList();
    assertThat(lines.get(2)).contains("test return, IQM").contains("mean").contains("P(better)");
    String lot = lines.stream().filter(l -> l.startsWith("lot-paper ")).findFirst().orElseThrow();
    assertThat(lot).contains("197.3 [").contains("241.2 [").contains("+82.83 [").contains("0.86 [");
    assertThat(lot).contains(" 100,000 ").contains("1,000 + 5,000").contains("(3.50x)");
    assertThat(lot).doesNotContain("%");
    assertThat(cartpole().markdown())
        .contains("test return, IQM")
        .contains("compute is not matched")
        .doesNotContain("## Generalization gap");
  }

  @Test
  void levelsHaveAGap() {
    Comparison comparison =
        new SyntheticReturns(folder)
            .withLevels()
            .method("teacher-only", "teacher-only", 2e9, PLAIN)
            .method("lot-paper", "lot", 7e9, LOT)
            .compare();
    JsonNode gap = comparison.json().path("methods").path("lot-paper").path("generalization_gap");
    assertThat(gap.path("train_minus_test").doubleValue()).isEqualTo(50);
    assertThat(gap.path("ci95").toString()).isEqualTo("[50.0,50.0]");
    assertThat(gap.path("n").intValue()).isEqualTo(6);
    for (String view : List.of(comparison.text(), comparison.markdown(), comparison.html())) {
      assertThat(view.replace("\\[", "[").replace("\\]", "]")).contains("+50.00 [+50.00, +50.00]");
    }
    assertThat(comparison.markdown()).contains("| lot-paper | 6 | 291.2 | 241.2 | +50.00");
  }

  @Test
  void pageAndPictureShowReturnsAgainstSteps() {
    String html = cartpole().html();
    assertThat(html)
        .contains("train teacher/return by environment steps")
        .contains("train teacher/entropy by environment steps")
        .contains("197.3")
        .contains("<th scope=\"col\">environment steps</th>");
    assertThat(cartpole().picture())
        .contains(">teacher return (train)</text>")
        .contains(">environment steps</text>");
  }

  @Test
  void csvHasTheSteps() {
    List<String> lines = new Report(List.of(cartpole())).runsCsv().lines().toList();
    assertThat(lines.get(0)).contains(",peak_rss_bytes,environment_steps,test/teacher/");
    assertThat(lines.get(1)).contains(",300000000,100000,100,100");
  }

  private Comparison cartpole() {
    return new SyntheticReturns(folder)
        .method("teacher-only", "teacher-only", 2e9, PLAIN)
        .method("lot-paper", "lot", 7e9, LOT)
        .compare();
  }
}
