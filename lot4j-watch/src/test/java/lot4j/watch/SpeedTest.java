package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SpeedTest {
  private final Speed speed = new Speed();
  private final Goal goal = Goal.of("x: 1\nbudget: {updates: 100}\n").orElseThrow();

  private void line(long step, double seconds) {
    speed.line(
        Line.of(
                "{\"step\":%d,\"split\":\"train\",\"samples\":%d,\"wall_s\":%s}"
                    .formatted(step, 10 * step, seconds))
            .orElseThrow());
  }

  @Test
  void nothingIsSaidBeforeALine() {
    assertThat(speed.perSecond("samples")).isEmpty();
    assertThat(speed.secondsLeft(goal)).isEmpty();
  }

  @Test
  void theFirstLineCountsFromTheStart() {
    line(20, 4);
    // 20 of 100 in 4 s: 80 more in 16 s; 200 samples in 4 s.
    assertThat(speed.secondsLeft(goal)).hasValue(16);
    assertThat(speed.perSecond("samples")).hasValue(50);
  }

  @Test
  void laterLinesCountFromOneAnother() {
    line(20, 4);
    line(40, 14);
    // 20 in 10 s, however fast it began: 60 more in 30 s.
    assertThat(speed.secondsLeft(goal).orElseThrow()).isCloseTo(30, within());
    assertThat(speed.perSecond("step")).hasValue(2);
  }

  @Test
  void onlyTheLastLinesCount() {
    for (int i = 0; i <= 20; i++) {
      line(i, i < 9 ? 100.0 * i : 900 + (i - 9));
    }
    assertThat(speed.perSecond("step")).isEqualTo(OptionalDouble.of(1));
  }

  @Test
  void budgetsOfEveryUnitAreUnderstood() {
    Line line =
        Line.of("{\"step\":5,\"split\":\"train\",\"epoch\":2,\"samples\":250,\"wall_s\":90}")
            .orElseThrow();
    assertThat(Goal.of("budget: {epochs: 8}").orElseThrow().fraction(line)).hasValue(0.25);
    assertThat(Goal.of("budget: {updates: 50}").orElseThrow().fraction(line)).hasValue(0.1);
    assertThat(Goal.of("budget:\n  env-steps: 1000").orElseThrow().fraction(line)).hasValue(0.25);
    assertThat(Goal.of("budget: {minutes: 3}").orElseThrow().fraction(line)).hasValue(0.5);
    assertThat(Goal.of("budget: {updates: 1}").orElseThrow().fraction(line)).hasValue(1);
    assertThat(Goal.of("budget: {updates: 0}")).isEmpty();
    assertThat(Goal.of("budget: {updates: many}")).isEmpty();
    assertThat(Goal.of("the budget: none")).isEmpty();
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }
}
