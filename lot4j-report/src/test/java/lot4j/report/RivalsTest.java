package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RivalsTest {
  private static final double[] PLAIN = {0.90, 0.91, 0.91, 0.92, 0.90, 0.91};
  private static final double[] LOT = {0.92, 0.93, 0.93, 0.94, 0.92, 0.93};

  @TempDir private Path folder;

  @Test
  void whatBeatsLotStandsFirstStrongestFirst() {
    Comparison comparison =
        new SyntheticRuns(folder)
            .method("teacher-only", "teacher-only", 4e9, PLAIN)
            .method("lot-paper", "lot", 16e9, LOT)
            .method("smooth", "label-smoothing", 4e9, shifted(0.02, 0.001))
            .method("frozen", "frozen-student", 8e9, shifted(0.04, 0.001))
            .method("sam", "sam", 8e9, shifted(-0.01, 0.001))
            .method("swa", "swa", 4e9, shifted(0, 0.01))
            .compare();
    assertThat(comparison.rivals()).hasSize(1);
    String sentence = comparison.rivals().get(0).sentence();
    assertThat(sentence)
        .startsWith("lot-paper beside neighbours and controls: worse than frozen (-4.0")
        .contains(", 0.50 of the compute), smooth (-2.0")
        .contains("; better than sam (+1.0")
        .endsWith("; not resolved against swa.");
    assertThat(comparison.json().path("rivals").path("lot-paper").toString())
        .isEqualTo(
            "{\"worse_than\":[\"frozen\",\"smooth\"],\"better_than\":[\"sam\"],"
                + "\"not_resolved\":[\"swa\"]}");
    assertThat(comparison.text()).contains(sentence);
  }

  @Test
  void withoutNeighboursThereIsNothingToSay() {
    Comparison comparison =
        new SyntheticRuns(folder)
            .method("teacher-only", "teacher-only", 4e9, PLAIN)
            .method("lot-paper", "lot", 16e9, LOT)
            .compare();
    assertThat(comparison.rivals()).isEmpty();
    assertThat(comparison.json().has("rivals")).isFalse();
  }

  /** LoT's values moved by {@code by}, up and down a little from seed to seed. */
  private static double[] shifted(double by, double scatter) {
    double[] values = LOT.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += by + (i % 2 == 0 ? scatter : -scatter);
    }
    return values;
  }
}
