package lot4j.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "alpha, alpha, 0",
    "aplha, alpha, 1",
    "alph, alpha, 1",
    "alphaa, alpha, 1",
    "elpha, alpha, 1",
    "lpaha, alpha, 2",
    "'', abc, 3",
    "kitten, sitting, 3",
  })
  void countsEdits(String a, String b, int edits) {
    assertThat(NearestName.distance(a, b)).isEqualTo(edits);
  }

  @Test
  void givesTheNearest() {
    assertThat(NearestName.to("stesp", List.of("stops", "steps"))).contains("steps");
  }

  @Test
  void givesNothingThatIsFarAway() {
    assertThat(NearestName.to("momentum", List.of("lr", "clip"))).isEmpty();
    assertThat(NearestName.to("x", List.of("lr", "js"))).isEmpty();
  }
}
