package lot4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SeriesTest {
  @Test
  void medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Series.of("a", "s", List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
    assertThat(Series.of("a", "s", List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    Series slow = Series.of("slow", "images/s", List.of(10.0, 100.0));
    Series fast = Series.of("fast", "images/s", List.of(20.0, 400.0));

    assertThat(fast.over(slow, "ratio").values()).containsExactly(2.0, 4.0);
  }

  @Test
  void jsonHasEveryValue() {
    Findings findings =
        new Findings(
            "speed",
            List.of(Series.of("a", "s", List.of(3.0, 1.0, 2.0)).beside("aim 2")),
            List.of("note"));

    assertThat(findings.json().toString())
        .isEqualTo(
            "{\"benchmark\":\"speed\",\"series\":[{\"name\":\"a\",\"unit\":\"s\",\"median\":2.0,"
                + "\"min\":1.0,\"max\":3.0,\"values\":[3.0,1.0,2.0],\"beside\":\"aim 2\"}],"
                + "\"notes\":[\"note\"]}");
  }
}
