package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {
  @Test
  void holdsEveryFiniteNumber() {
    Line line =
        Line.of(
                "{\"step\":3,\"split\":\"valid\",\"teacher/loss\":1e-3,\"x\":null,\"y\":[1,{}],"
                    + "\"z\":1e999,\"wall_s\":2.5}")
            .orElseThrow();

    assertThat(line.split()).isEqualTo("valid");
    assertThat(line.numbers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("step", 3.0, "teacher/loss", 0.001, "wall_s", 2.5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[1]",
        "{\"step\":3,\"split\":\"valid\"",
        "{\"step\":3}",
        "{\"split\":\"valid\"}",
        "{\"step\":3,\"split\":\"of two words\"}",
        "{\"step\":\"3\",\"split\":\"valid\"}",
        "{\"step\":3,\"split\":\"valid\",\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      })
  void damageIsEmpty(String text) {
    assertThat(Line.of(text)).isEmpty();
  }
}
