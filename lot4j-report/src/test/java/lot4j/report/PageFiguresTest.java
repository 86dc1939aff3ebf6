package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFiguresTest {
  @TempDir Path folder;

  @Test
  void gainsAreHeldAgainstTheirCost() {
    Comparison comparison =
        new SyntheticRuns(folder)
            .method("teacher-only", "teacher-only", 2e9, 0.90, 0.92)
            .method("worse", "r-drop", 6e9, 0.90, 0.93)
            .method("lot-paper", "lot", 4e9, 0.93, 0.94)
            .compare();
    Figure figure = CostFigures.of(comparison).get(0);
    JsonNode groups = figure.json().path("data").path(0).path("groups");
    // method: n, flops, ratio, gain, low, high, on the front, share
    assertThat(row(groups, "teacher-only")).startsWith(2.0, 2e9, 1.0, 0.0).endsWith(1.0, 1.0);
    assertThat(row(groups, "lot-paper").get(2)).isEqualTo(2);
    assertThat(row(groups, "lot-paper").get(3)).isCloseTo(0.025, within(1e-12));
    assertThat(row(groups, "lot-paper").get(6)).isEqualTo(1);
    assertThat(row(groups, "worse").get(6)).isZero();
    assertThat(figure.alt()).contains("lot-paper: +2.50 at 2.00 times, on the front");
  }

  @Test
  void aLowerPerplexityIsAGain() {
    Comparison comparison =
        new SyntheticRuns(folder)
            .measuredBy(new Metric("perplexity", "test", false))
            .method("teacher-only", "teacher-only", 2e9, 80, 82)
            .method("lot-paper", "lot", 4e9, 75, 76)
            .compare();
    JsonNode groups = CostFigures.of(comparison).get(0).json().path("data").path(0).path("groups");
    List<Double> row = row(groups, "lot-paper");
    assertThat(row.get(3)).isEqualTo(5.5);
    assertThat(row.get(4)).isEqualTo(5);
    assertThat(row.get(5)).isEqualTo(6);
  }

  @Test
  void binsOfSeveralRunsAreAddedByTheirCounts() {
    List<RunDetails> runs = new ArrayList<>();
    for (long n : new long[] {10, 30}) {
      RunDetails.Bin bin = new RunDetails.Bin(0, 0.5, n, n == 10 ? 0.2 : 0.4, n == 10 ? 0 : 0.4);
      runs.add(
          new RunDetails(
              "test",
              List.of(),
              Map.of("teacher", new RunDetails.Learner(List.of(bin), new long[0][0]))));
    }
    List<RunDetails.Bin> bins = CalibrationFigures.added(runs, "teacher");
    assertThat(bins).hasSize(1);
    assertThat(bins.get(0).n()).isEqualTo(40);
    // (10 * 0.2 + 30 * 0.4) / 40 and (0 + 30 * 0.4) / 40
    assertThat(bins.get(0).confidence()).isCloseTo(0.35, within(1e-12));
    assertThat(bins.get(0).accuracy()).isCloseTo(0.3, within(1e-12));
    assertThat(CalibrationFigures.error(bins)).isCloseTo(0.05, within(1e-12));
  }

  @Test
  void confusionIsAddedOverSeedsAndNamesTheWorst() {
    SyntheticRuns runs = new SyntheticRuns(folder).method("lot-paper", "lot", 4e9, 0.93, 0.94);
    for (int seed = 0; seed < 2; seed++) {
      SyntheticDetails.write(runs.directory("lot-paper", seed), List.of("cat", "dog"), "teacher");
    }
    Figure figure = CalibrationFigures.confusion(runs.compare()).orElseThrow();
    assertThat(figure.alt()).contains("lot-paper: most often cat for dog (2)");
    assertThat(figure.json().path("data").path(0).path("groups").path(0).path("rows").toString())
        .isEqualTo("[[0,0,18],[0,1,2],[1,0,2],[1,1,18]]");
    assertThat(figure.json().path("options").path("totals").path("0").toString())
        .isEqualTo("[20,20]");
  }

  @Test
  void otherDataHasAFigureOfItsOwn() {
    SyntheticRuns runs = new SyntheticRuns(folder).method("lot-paper", "lot", 4e9, 0.93, 0.94);
    SyntheticDetails.evaluation(runs.directory("lot-paper", 0), "a.json", "noisy", 0.5);
    SyntheticDetails.evaluation(runs.directory("lot-paper", 1), "a.json", "noisy", 0.7);
    SyntheticDetails.evaluation(runs.directory("lot-paper", 1), "b.json", "rotated", 0.8);
    List<Figure> figures = ShiftFigures.of(runs.compare());
    assertThat(figures.stream().map(Figure::title))
        .containsExactly("noisy (test)", "rotated (test)");
    assertThat(figures.get(0).alt()).contains("lot-paper teacher: 60.00 %");
  }

  @Test
  void learnersStandSideBySide() {
    Comparison comparison =
        new SyntheticRuns(folder).method("lot-paper", "lot", 4e9, 0.93, 0.95).compare();
    assertThat(LearnerFigures.of(comparison).orElseThrow().alt())
        .contains("lot-paper teacher: 94.00 %; lot-paper student0: 93.00 %");
    assertThat(LearnerFigures.table(comparison))
        .containsExactly(
            List.of("method", "learner", "n", "loss", "accuracy %"),
            List.of("lot-paper", "teacher", "2", "0.3000", "94.00"),
            List.of("lot-paper", "student0", "2", "0.4000", "93.00"));
  }

  @Test
  void damagedDetailsAreNamed() {
    SyntheticRuns runs = new SyntheticRuns(folder).method("lot-paper", "lot", 4e9, 0.93);
    SyntheticRuns.write(
        runs.directory("lot-paper", 0).resolve("details.json"),
        "{\"schema\":\"lot4j-details-1\",\"learners\":{\"teacher\":{\"confusion\":[[1,2],[3]]}}}");
    Comparison comparison = runs.compare();
    assertThatThrownBy(() -> comparison.html())
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("details.json: confusion is not square: row 1");
  }

  @Test
  void oneHundredRunsWithLongCurvesFitIntoThreeMegabytes() {
    SyntheticRuns runs = new SyntheticRuns(folder);
    for (int method = 0; method < 10; method++) {
      String label = method == 0 ? "teacher-only" : "a-method-with-a-long-name-" + method;
      double[] values = new double[10];
      for (int seed = 0; seed < 10; seed++) {
        values[seed] = 0.9 + 0.001 * ((seed * 7 + method * 3) % 10);
      }
      runs.method(label, method == 0 ? "teacher-only" : method < 4 ? "lot" : "sam", 4e9, values);
      for (int seed = 0; seed < 10; seed++) {
        SyntheticRuns.write(
            runs.directory(label, seed).resolve("metrics.jsonl"), longCurves(seed + method));
      }
    }
    String html = runs.compare().html();
    assertThat(html.length()).isBetween(1_500_000, 2_900_000);
  }

  private static String longCurves(int shift) {
    StringBuilder lines = new StringBuilder();
    for (int step = 1; step <= 300; step++) {
      for (String split : List.of("train", "valid")) {
        ObjectNode line = SyntheticRuns.parse("{}").put("step", step).put("split", split);
        line.put("flops", step * 1.23456789e9).put("wall_s", step * 0.123456789);
        line.put("samples", step * 128);
        double value = Math.sin(step * 0.7 + shift) / 3 + 1.0 / step;
        for (String metric :
            List.of("teacher/accuracy", "teacher/loss", "student0/accuracy", "teacher/entropy")) {
          line.put(metric, value);
        }
        if (split.equals("train")) {
          line.put("teacher/imitability", value).put("student0/imitability", value);
          line.put("teacher/task_loss", value);
        } else {
          line.put("student0/kl_free_reference", value).put("student0/kl_reference_free", value);
          line.put("student0/agreement", value).put("teacher/ece", value);
        }
        lines.append(line).append('\n');
      }
    }
    return lines.toString();
  }

  private static List<Double> row(JsonNode groups, String key) {
    for (JsonNode group : groups) {
      if (group.path("key").asText().equals(key)) {
        return StreamSupport.stream(group.path("rows").path(0).spliterator(), false)
            .map(JsonNode::asDouble)
            .toList();
      }
    }
    throw new AssertionError(key + " is missing");
  }
}
