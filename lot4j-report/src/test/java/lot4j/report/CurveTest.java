package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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
  void isTheSamePointsOnEveryAxis() {
    curve("10:0.1 20:0.4", "10:0.3 20:0.6", Curve.Against.STEPS);
    MethodResult method = Comparison.read(folder).methods().get(0);
    List<Curve> curves =
        Curve.of(
            method,
            "valid",
            "teacher/accuracy",
            List.of(Curve.Against.STEPS, Curve.Against.FLOPS, Curve.Against.SECONDS));
    assertThat(curves.get(0).points().stream().map(Curve.Point::x)).containsExactly(10.0, 20.0);
    assertThat(curves.get(1).points().stream().map(Curve.Point::x)).containsExactly(100.0, 200.0);
    assertThat(curves.get(1).points().get(1).mean()).isEqualTo(0.5);
    assertThat(curves.get(2).points()).as("nobody recorded seconds").isEmpty();
  }

  @Test
  void aLongCurveIsThinnedButKeepsItsEnds() {
    String many =
        IntStream.rangeClosed(1, 1000).mapToObj(i -> i + ":0").collect(Collectors.joining(" "));
    Curve curve = curve(many, many, Curve.Against.STEPS);
    assertThat(curve.points()).hasSize(1000);
    Curve thinned = curve.thinned(200);
    assertThat(thinned.points()).hasSize(200);
    assertThat(thinned.points().get(0).x()).isEqualTo(1);
    assertThat(thinned.points().get(199).x()).isEqualTo(1000);
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
