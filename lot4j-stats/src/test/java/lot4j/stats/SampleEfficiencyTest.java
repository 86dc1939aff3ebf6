package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleEfficiencyTest {
  private static final StratifiedBootstrap BOOTSTRAP = StratifiedBootstrap.standard();

  @Test
  void betweenTwoReportsTheLastOneHolds() {
    LearningCurve curve = curve(100, 10, 1, 20, 2, 60, 6);
    assertThat(curve.at(9.9)).isEmpty();
    assertThat(curve.at(10)).hasValue(1);
    assertThat(curve.at(59.9)).hasValue(2);
    assertThat(curve.at(60)).hasValue(6);
    assertThat(curve.at(100)).hasValue(6);
  }

  @Test
  void ofTwoReportsAtOnePositionTheLastCounts() {
    assertThat(curve(20, 10, 1, 10, 2).at(10)).hasValue(2);
  }

  @Test
  void gridIsWhatAllRunsHave() {
    SampleEfficiency curve =
        SampleEfficiency.of(
            List.of(curve(100, 10, 1, 25, 1, 27, 1, 90, 2), curve(80, 20, 3, 50, 5)), 4, BOOTSTRAP);
    assertThat(curve.runs()).isEqualTo(2);
    assertThat(curve.points())
        .containsExactly(
            new SampleEfficiency.Point(20, 2, 2, Optional.of(new Interval(1, 3))),
            new SampleEfficiency.Point(40, 2, 2, Optional.of(new Interval(1, 3))),
            new SampleEfficiency.Point(60, 3, 3, Optional.of(new Interval(1, 5))),
            new SampleEfficiency.Point(80, 3, 3, Optional.of(new Interval(1, 5))));
  }

  @Test
  void fewReportsAreTheGridThemselves() {
    SampleEfficiency curve =
        SampleEfficiency.of(
            List.of(curve(100, 10, 1, 90, 2), curve(80, 20, 3, 50, 5)), 3, BOOTSTRAP);
    assertThat(curve.points().stream().map(SampleEfficiency.Point::position))
        .containsExactly(20.0, 50.0, 80.0);
  }

  @Test
  void anOutlierMovesNeitherIqmNorMedian() {
    SampleEfficiency.Point last =
        last(curve(9, 0, 1), curve(9, 0, 2), curve(9, 0, 3), curve(9, 0, 1000));
    assertThat(last.iqm()).isEqualTo(2.5);
    assertThat(last.median()).isEqualTo(2.5);
  }

  @Test
  void oneRunHasNoInterval() {
    assertThat(last(curve(9, 0, 1)).interval()).isEmpty();
  }

  @Test
  void runsWithNothingInCommonHaveNoPoints() {
    assertThat(SampleEfficiency.of(List.of(), 5, BOOTSTRAP).points()).isEmpty();
    assertThat(SampleEfficiency.of(List.of(curve(5, 1, 1), curve(9, 7, 1)), 5, BOOTSTRAP).points())
        .isEmpty();
    assertThat(SampleEfficiency.of(List.of(curve(5, 5, 1)), 5, BOOTSTRAP).points()).hasSize(1);
  }

  @Test
  void refusesPositionsThatGoBack() {
    assertThatThrownBy(() -> curve(9, 5, 1, 4, 1)).hasMessageContaining("positions ascending");
    assertThatThrownBy(() -> curve(3, 5, 1)).hasMessageContaining("(5.0, 1.0) before 3.0");
    assertThatThrownBy(() -> curve(9, 5, Double.NaN)).hasMessageContaining("finite");
    assertThatThrownBy(() -> curve(9)).hasMessageContaining("one or more");
  }

  private static SampleEfficiency.Point last(LearningCurve... runs) {
    List<SampleEfficiency.Point> points = SampleEfficiency.of(List.of(runs), 3, BOOTSTRAP).points();
    return points.get(points.size() - 1);
  }

  /** Position, value, position, value, … */
  private static LearningCurve curve(double end, double... pairs) {
    double[] positions = new double[pairs.length / 2];
    double[] values = new double[pairs.length / 2];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = pairs[2 * i];
      values[i] = pairs[2 * i + 1];
    }
    return LearningCurve.of(positions, values, end);
  }
}
