package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurveTest {
  @TempDir Path folder;

  @Test
  void isMeanAndRangeOverSeeds() {
    Curve curve = curve("10:0.1 20:0.4", "10:0.3 20:0.6", Curve.Against.STEPS);
    assertThat(curve.runs()).isEqualTo(2);
    assertThat(curve.points())
        .containsExactly(new Curve.Point(10, 0.2, 0.1, 0.3), new Curve.Point(20, 0.5, 0.4, 0.6));
  }

  @Test
  void leavesOutStepsThatARunLacks() {
    Curve curve = curve("10:0 20:0 30:0", "10:1 30:1", Curve.Against.STEPS);
    assertThat(curve.points().stream().map(Curve.Point::x)).containsExactly(10.0, 30.0);
  }

  @Test
  void leavesOutRunsThatDiverged() {
    SyntheticRuns runs = new SyntheticRuns(folder);
    runs.run("lot", "lot", 0, "done", 4e9, 0.9).run("lot", "lot", 1, "diverged", 4e9, 0.9);
    Curve curve =
        Curve.of(runs.compare().methods().get(0), "valid", "teacher/accuracy", Curve.Against.STEPS);
    assertThat(curve.runs()).isEqualTo(1);
  }

  @Test
  void theLastHalfBeginsAtHalfTheSteps() {
    Curve curve = curve("10:0 20:0 30:0 40:0", "10:0 20:0 30:0 40:0", Curve.Against.LAST_HALF);
    assertThat(curve.points().stream().map(Curve.Point::x)).containsExactly(200.0, 300.0, 400.0);
  }

  @Test
  void aLongCurveIsThinnedButKeepsItsEnd() {
    String many =
        IntStream.rangeClosed(1, 1000).mapToObj(i -> i + ":0").collect(Collectors.joining(" "));
    Curve curve = curve(many, many, Curve.Against.STEPS);
    assertThat(curve.points()).hasSizeBetween(150, 240);
    assertThat(curve.points().get(curve.points().size() - 1).x()).isEqualTo(1000);
  }

  @Test
  void aMetricNobodyRecordedHasNoPoints() {
    assertThat(curve("", "", Curve.Against.FLOPS).points()).isEmpty();
  }

  /** Two runs with {@code step:value} lines of the validation accuracy; FLOPs are ten a step. */
  private Curve curve(String first, String second, Curve.Against against) {
    SyntheticRuns runs = new SyntheticRuns(folder).method("lot", "lot", 4e9, 0.9, 0.9);
    String[] curves = {first, second};
    for (int seed = 0; seed < 2; seed++) {
      StringBuilder lines = new StringBuilder();
      for (String point : curves[seed].split(" ")) {
        if (!point.isEmpty()) {
          String step = point.substring(0, point.indexOf(':'));
          String value = point.substring(point.indexOf(':') + 1);
          lines.append("{\"step\":").append(step).append(",\"split\":\"valid\",\"flops\":");
          lines.append(step).append("0,\"teacher/accuracy\":").append(value).append("}\n");
        }
      }
      SyntheticRuns.write(runs.directory("lot", seed).resolve("metrics.jsonl"), lines.toString());
    }
    return Curve.of(runs.compare().methods().get(0), "valid", "teacher/accuracy", against);
  }
}
