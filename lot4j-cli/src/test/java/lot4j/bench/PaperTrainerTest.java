package lot4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PaperTrainerTest {
  private static final List<PaperTrainer.Case> CASES = PaperTrainer.Case.all(List.of(2));

  private final Map<String, Series> measured = new LinkedHashMap<>();

  private void measure(String name, double... values) {
    measured.put(
        name, Series.of(name, "images/s", java.util.Arrays.stream(values).boxed().toList()));
  }

  private void measureOwn() {
    measure("N = 1, float32, 2 threads", 300, 330);
    measure("N = 1, bfloat16, 2 threads", 500, 550);
    measure("N = 2, float32, 2 threads", 200, 220);
    measure("N = 2, bfloat16, 2 threads", 340, 360);
  }

  private String beside(List<Series> table, String name) {
    return table.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow().beside();
  }

  @Test
  void ownRowsAreComparedWithThePublishedStepsOfTheSameRoundAndN() {
    measureOwn();
    measure("PyTorch (Python), N = 1, float32, 2 threads", 310, 320);
    measure("as published (Python), N = 1, float32, 2 threads", 200, 220);
    measure("as published (Python), N = 2, float32, 2 threads", 100, 110);

    List<Series> table = PaperTrainer.table(CASES, measured);

    assertThat(beside(table, "N = 1, float32, 2 threads"))
        .isEqualTo("aim 615 (1.5 x), × 1.50 as published");
    assertThat(beside(table, "N = 2, bfloat16, 2 threads"))
        .isEqualTo("aim 480 (2.0 x), × 3.34 as published");
    assertThat(table)
        .extracting(Series::name)
        .endsWith(
            "PyTorch (Python), N = 1, float32, 2 threads",
            "as published (Python), N = 1, float32, 2 threads",
            "as published (Python), N = 2, float32, 2 threads",
            "N = 1, float32, 2 threads / as published",
            "N = 1, bfloat16, 2 threads / as published",
            "N = 2, float32, 2 threads / as published",
            "N = 2, bfloat16, 2 threads / as published");
    Series ratio = table.get(table.size() - 3);
    assertThat(ratio.values()).containsExactly(2.5, 2.5);
    assertThat(ratio.beside()).isEqualTo("aim 2.0");
  }

  @Test
  void withoutPythonThereAreOwnRowsAlone() {
    measureOwn();

    List<Series> table = PaperTrainer.table(CASES, measured);

    assertThat(table).hasSize(4);
    assertThat(beside(table, "N = 1, bfloat16, 2 threads")).isEqualTo("aim 820 (2.0 x)");
  }
}
