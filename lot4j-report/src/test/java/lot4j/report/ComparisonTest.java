package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final double[] PLAIN = {0.90, 0.91, 0.91, 0.92, 0.90, 0.91};
  private static final double[] EQUAL = {0.905, 0.912, 0.911, 0.921, 0.903, 0.913};
  private static final double[] LOT = {0.925, 0.930, 0.934, 0.940, 0.924, 0.930};

  @TempDir Path folder;

  @Test
  void documentHasEveryKeyOfTheContract() {
    ObjectNode json = SyntheticRuns.parse(full().json().toString());
    assertThat(names(json))
        .containsExactly("name", "seeds", "primary", "methods", "pairs", "verdict");
    assertThat(json.path("seeds").toString()).isEqualTo("[0,1,2,3,4,5]");
    assertThat(json.path("primary").toString())
        .isEqualTo("{\"name\":\"accuracy\",\"split\":\"test\",\"higher_is_better\":true}");
    assertThat(names(json.path("methods").path("lot-paper")))
        .contains(
            "n",
            "failed",
            "diverged",
            "values",
            "mean",
            "iqm",
            "ci95",
            "flops",
            "wall_s",
            "teacher_updates",
            "student_updates",
            "students",
            "median",
            "sd");
    assertThat(names(json.path("pairs").path(0)))
        .containsExactly(
            "a",
            "b",
            "n",
            "difference",
            "ci95",
            "ci95_t",
            "ci95_bca",
            "probability_of_improvement",
            "probability_of_improvement_ci95",
            "sign_flip_p",
            "smallest_p",
            "p_holm",
            "p_holm_reason", // the first pair is of two baselines
            "cohens_d",
            "cohens_dz",
            "cohens_dz_ci95");
  }

  @Test
  void numbersOfAMethodAreUnrounded() {
    JsonNode lot = full().json().path("methods").path("lot-paper");
    // (.925 + .930 + .934 + .940 + .924 + .930) / 6; without .924 and .940: 3.719 / 4
    assertThat(lot.path("mean").doubleValue()).isCloseTo(5.583 / 6, within(1e-15));
    assertThat(lot.path("iqm").doubleValue()).isCloseTo(3.719 / 4, within(1e-15));
    assertThat(lot.path("n").intValue()).isEqualTo(6);
    assertThat(lot.path("values").path("3").doubleValue()).isEqualTo(0.94);
    assertThat(lot.path("teacher_updates").isIntegralNumber()).isTrue();
    assertThat(lot.path("student_updates").intValue()).isEqualTo(600);
    assertThat(lot.path("students").path("student0").path("mean").doubleValue())
        .isCloseTo(5.523 / 6, within(1e-12));
    assertThat(full().json().path("methods").path("teacher-only").path("students").isEmpty())
        .isTrue();
  }

  @Test
  void everyPairOccursOnceWithLotFirst() {
    List<String> pairs = full().pairs().stream().map(pair -> pair.a() + " " + pair.b()).toList();
    assertThat(pairs)
        .containsExactlyInAnyOrder(
            "lot-paper teacher-only",
            "lot-paper teacher-only-equal-compute",
            "teacher-only-equal-compute teacher-only");
  }

  @Test
  void differenceIsTheMeanOverSeeds() {
    // lot − equal compute: .020 .018 .023 .019 .021 .017, mean .118 / 6
    Pair pair = full().againstBaseline(method(full(), "lot-paper")).orElseThrow();
    assertThat(pair.b()).isEqualTo("teacher-only-equal-compute");
    assertThat(pair.test().difference().orElseThrow()).isCloseTo(0.118 / 6, within(1e-12));
    assertThat(pair.probability()).hasValue(1);
  }

  @Test
  void verdictSaysBetterInPercentagePoints() {
    assertThat(full().verdict())
        .startsWith(
            "lot-paper is better than teacher-only-equal-compute: test accuracy +1.97 percentage"
                + " points, 95 % interval +")
        .endsWith(", 6 seeds, p 0.031 by sign flips (the smallest 6 seeds can reach).");
    assertThat(full().findings().get(0).outcome()).isEqualTo(Finding.Outcome.BETTER);
  }

  @Test
  void verdictSaysWorseWhenHigherIsBetterAndLotIsLower() {
    Comparison comparison =
        runs()
            .method("teacher-only-equal-compute", "teacher-only-equal-compute", 4e9, LOT)
            .method("lot-paper", "lot", 4e9, PLAIN)
            .compare();
    assertThat(comparison.verdict()).startsWith("lot-paper is worse than ").contains("accuracy -");
  }

  @Test
  void lowerPerplexityIsBetter() {
    Metric metric = new Metric("perplexity", "test", false);
    Comparison comparison =
        runs()
            .measuredBy(metric)
            .method(
                "teacher-only-equal-compute",
                "teacher-only-equal-compute",
                4e9,
                82,
                83,
                84,
                82.5,
                83)
            .method("lot-paper", "lot", 4e9, 71, 72, 71.5, 71.8, 73)
            .compare();
    assertThat(comparison.verdict())
        .startsWith("lot-paper is better than teacher-only-equal-compute: test perplexity -11.04")
        .contains("(lower is better)")
        .doesNotContain("percentage");
    assertThat(comparison.pairs().get(0).probability()).hasValue(1);
  }

  @Test
  void fourSeedsAreNotResolvedHoweverClear() {
    Comparison comparison =
        runs()
            .method(
                "teacher-only-equal-compute", "teacher-only-equal-compute", 4e9, 0.5, 0.5, 0.5, 0.5)
            .method("lot-paper", "lot", 4e9, 0.9, 0.91, 0.92, 0.9)
            .compare();
    assertThat(comparison.verdict())
        .startsWith("lot-paper against teacher-only-equal-compute is not resolved: ")
        .contains("95 % interval +40.00 to +41.50")
        .contains("4 seeds (5 are needed)");
  }

  @Test
  void anIntervalAroundZeroIsNotResolved() {
    Comparison comparison =
        runs()
            .method("teacher-only-equal-compute", "teacher-only-equal-compute", 4e9, PLAIN)
            .method("lot-paper", "lot", 4e9, 0.91, 0.90, 0.92, 0.91, 0.91, 0.905)
            .compare();
    assertThat(comparison.findings().get(0).outcome()).isEqualTo(Finding.Outcome.NOT_RESOLVED);
    assertThat(comparison.verdict()).contains("is not resolved").contains("95 % interval -");
  }

  @Test
  void everyVariantIsHeldAgainstItsOwnBaseline() {
    Comparison comparison =
        runs()
            .method("teacher-only", "teacher-only", 2e9, PLAIN)
            .method(
                "teacher-only-equal-compute@lot-paper", "teacher-only-equal-compute", 6e9, EQUAL)
            .method(
                "teacher-only-equal-compute@lot-released", "teacher-only-equal-compute", 4e9, EQUAL)
            .method("lot-paper", "lot", 6e9, LOT)
            .method("lot-released", "lot", 4e9, LOT)
            .method("lot-same-cost", "lot", 4.02e9, LOT)
            .compare();
    assertThat(comparison.findings().stream().map(finding -> finding.baseline().orElseThrow()))
        .containsExactly(
            "teacher-only-equal-compute@lot-paper",
            "teacher-only-equal-compute@lot-released",
            "teacher-only-equal-compute@lot-released");
    assertThat(comparison.verdict()).doesNotContain("not at equal compute");
  }

  @Test
  void withoutEqualComputeTheVerdictSaysSo() {
    Comparison comparison =
        runs()
            .method("teacher-only", "teacher-only", 2e9, PLAIN)
            .method("lot-paper", "lot", 6e9, LOT)
            .compare();
    assertThat(comparison.verdict())
        .startsWith("lot-paper is better than teacher-only: ")
        .contains("not at equal compute: teacher-only used 0.33 times the FLOPs");
  }

  @Test
  void returnsAreHeldAgainstTeacherOnly() {
    Comparison comparison =
        runs()
            .measuredBy(new Metric("return", "test", true))
            .method("teacher-only", "teacher-only", 2e9, 100, 120, 130)
            .method("teacher-only-equal-compute", "teacher-only-equal-compute", 6e9, 150, 160, 170)
            .method("lot-paper", "lot", 6e9, 180, 190, 200)
            .compare();
    assertThat(comparison.findings().get(0).baseline()).hasValue("teacher-only");
  }

  @Test
  void divergedAndFailedRunsAreCountedAndHaveNoValue() {
    Comparison comparison =
        runs()
            .method("teacher-only", "teacher-only", 2e9, 0.90, 0.91, 0.92)
            .run("lot-paper", "lot", 0, "done", 4e9, 0.93)
            .run("lot-paper", "lot", 1, "diverged", 4e9, 0.1)
            .run("lot-paper", "lot", 2, "failed", 4e9, 0.1)
            .compare();
    JsonNode lot = comparison.json().path("methods").path("lot-paper");
    assertThat(lot.path("n").intValue()).isEqualTo(1);
    assertThat(lot.path("diverged").intValue()).isEqualTo(1);
    assertThat(lot.path("failed").intValue()).isEqualTo(1);
    assertThat(lot.path("values").toString()).isEqualTo("{\"0\":0.93,\"1\":null,\"2\":null}");
    assertThat(lot.path("values_reason").toString())
        .isEqualTo("{\"1\":\"diverged\",\"2\":\"failed\"}");
    assertThat(lot.path("ci95").isNull()).isTrue();
    assertThat(lot.path("ci95_reason").textValue()).isEqualTo("an interval needs 2 seeds or more");
    assertThat(comparison.pairs().get(0).test().n()).isEqualTo(1);
    assertThat(comparison.verdict())
        .contains("1 seed (5 are needed)")
        .contains("1 diverged, 1 failed");
  }

  @Test
  void nothingFinishedYetIsADocumentOfNulls() {
    Comparison comparison = runs().run("lot-paper", "lot", 0, "running", 4e9, 0).compare();
    JsonNode json = comparison.json();
    assertThat(json.path("primary").isNull()).isTrue();
    assertThat(json.path("methods").path("lot-paper").path("mean").isNull()).isTrue();
    assertThat(json.toString()).doesNotContain("NaN");
    assertThat(comparison.verdict()).isEqualTo("lot-paper is not resolved: no run has finished.");
    assertThat(comparison.text()).contains("lot-paper").contains("1 running");
    assertThat(comparison.markdown()).contains("not resolved");
  }

  @Test
  void withoutLotThereIsNothingToJudge() {
    Comparison comparison = runs().method("teacher-only", "teacher-only", 2e9, PLAIN).compare();
    assertThat(comparison.verdict()).isEqualTo("Nothing to judge: no method here is LoT.");
    assertThat(comparison.json().path("pairs").isEmpty()).isTrue();
  }

  @Test
  void refusesOneLabelAndSeedTwice() {
    List<RunDirectory> runs = new ArrayList<>(runs().method("lot", "lot", 4e9, 0.9).read());
    runs.addAll(List.copyOf(runs));
    assertThatThrownBy(() -> Comparison.of("twice", runs))
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("label lot with seed 0 stands in");
  }

  @Test
  void refusesRunsOfDifferentMetrics() {
    List<RunDirectory> runs = new ArrayList<>(runs().method("lot", "lot", 4e9, 0.9).read());
    SyntheticRuns other = new SyntheticRuns(folder.resolve("other"));
    other.measuredBy(new Metric("perplexity", "test", false)).method("b", "lot", 4e9, 70);
    runs.addAll(other.read());
    assertThatThrownBy(() -> Comparison.of("mixed", runs))
        .hasMessageEndingWith("measured by test perplexity, other runs by test accuracy");
  }

  @Test
  void orderOfTheRunsChangesNoNumber() {
    List<RunDirectory> runs = new ArrayList<>();
    full().methods().forEach(method -> runs.addAll(method.runs()));
    Collections.reverse(runs);
    JsonNode reversed = Comparison.of("x", runs).json().path("methods");
    JsonNode forward = full().json().path("methods");
    assertThat(reversed).isEqualTo(forward);
  }

  @Test
  void aDirectoryIsReadInTheOrderOfItsDocument() {
    SyntheticRuns runs =
        runs()
            .method("lot-paper", "lot", 4e9, LOT)
            .method("teacher-only", "teacher-only", 2e9, PLAIN);
    SyntheticRuns.write(
        folder.resolve("compare.json"),
        "{\"name\":\"mine\",\"methods\":{\"lot-paper\":{},\"teacher-only\":{}}}");
    Comparison comparison = runs.compare();
    assertThat(comparison.name()).isEqualTo("mine");
    assertThat(comparison.methods().stream().map(MethodResult::label))
        .containsExactly("lot-paper", "teacher-only");
  }

  @Test
  void refusesADirectoryThatIsNoComparison() {
    assertThatThrownBy(() -> Comparison.read(folder))
        .isInstanceOf(ReportException.class)
        .hasMessageEndingWith("not a comparison: no directory 'runs' in it");
  }

  @Test
  void terminalTableIsAlignedAndEndsWithTheVerdict() {
    List<String> lines = full().text().lines().toList();
    assertThat(lines.get(0)).isEqualTo("synthetic on digits, seeds 0 to 5");
    assertThat(lines.get(2)).startsWith("method ").contains("test accuracy %");
    assertThat(lines.get(3)).contains("[95 % interval]");
    assertThat(lines.get(4)).matches("-+");
    assertThat(lines.get(5)).startsWith("teacher-only ").contains("90.83 [").endsWith("2.00");
    assertThat(lines.get(7)).contains("+1.97 [").contains("(2.00x)").contains("600 + 600");
    assertThat(lines.get(5).length()).isEqualTo(lines.get(7).length());
    assertThat(lines.get(lines.size() - 1)).isEqualTo(full().verdict());
  }

  @Test
  void markdownPutsTheVerdictBeforeTheTables() {
    String markdown = full().markdown();
    assertThat(markdown.indexOf("is better than")).isBetween(0, markdown.indexOf("| method |"));
    assertThat(markdown).contains("Data: digits").contains("seeds 0 to 5").contains("## Pairs");
    assertThat(markdown).contains("| lot-paper | teacher-only | 6 | +2.2");
  }

  /** Three methods, six seeds. */
  private Comparison full() {
    return runs()
        .method("teacher-only", "teacher-only", 2e9, PLAIN)
        .method("teacher-only-equal-compute", "teacher-only-equal-compute", 4e9, EQUAL)
        .method("lot-paper", "lot", 4e9, LOT)
        .compare();
  }

  private SyntheticRuns runs() {
    return new SyntheticRuns(folder);
  }

  private static MethodResult method(Comparison comparison, String label) {
    return comparison.methods().stream()
        .filter(method -> method.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(JsonNode node) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(node.fieldNames(), 0), false)
        .toList();
  }
}
