package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsPageTest {
  private static final String METHOD =
      """
      "%s": {"n": 5, "failed": 0, "diverged": %d, "values": {%s}, "mean": %s, "iqm": %s,
        "ci95": [0.5, 0.6], "flops": %s, "wall_s": 1.5, "teacher_updates": 10,
        "student_updates": %d}
      """;

  @TempDir private Path directory;

  @Test
  void thePageInTheDocumentationIsTheGeneratedOne() throws IOException {
    Path docs = root().resolve("docs");
    assertThat(Files.readString(docs.resolve("results.md")))
        .as("regenerate with: ./lot report --results docs/results --to docs/results.md")
        .isEqualTo(ResultsPage.of(docs.resolve("results")));
  }

  @Test
  void aSectionHasItsTextAndATableWithTheDifferenceToEqualCompute() throws IOException {
    write("1-a/about.md", "## A study\n");
    write("1-a/compare.json", document(0.02));
    assertThat(ResultsPage.of(directory))
        .contains("## A study")
        .contains("| teacher-only | 5 (1 lost) | 55.00 % [50.00 %, 60.00 %] | 55.00 % | - | - |")
        .contains("| +2.00 [+2.00, +2.00] | [+2.00, +2.00] | 10 + 7 | 3.67 k (3.67x) | 1.50 |")
        .contains("the verdict");
  }

  @Test
  void severalDocumentsEndWithTheirMean() throws IOException {
    write("1-a/about.md", "## Splits\n");
    write("1-a/split0.json", document(0.01));
    write("1-a/split1.json", document(0.03));
    assertThat(ResultsPage.of(directory))
        .contains("| split0 | lot-paper | teacher-only-equal-compute | 5 | 55.00 % | +1.00")
        .contains("| split1 | lot-paper | teacher-only-equal-compute | 5 | 55.00 % | +3.00")
        // mean 2, standard deviation sqrt(2), t(0.975, 1) = 12.706: 2 -+ 12.706
        .contains("| **mean over 2** | lot-paper | equal compute | 2 | | **+2.00**")
        .contains("[-10.71, +14.71]");
  }

  @Test
  void aDamagedDocumentIsNamed() throws IOException {
    write("1-a/about.md", "## A\n");
    write("1-a/compare.json", "{\"methods\": ");
    assertThatThrownBy(() -> ResultsPage.of(directory))
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("compare.json");
  }

  private static String document(double gain) {
    return "{\"primary\": {\"name\": \"accuracy\"}, \"methods\": {"
        + String.join(
            ",",
            method("teacher-only", 1, 0, 1000, 0),
            method("teacher-only-equal-compute", 0, 0, 3670, 0),
            method("lot-paper", 0, gain, 3670, 7))
        + "}, \"verdict\": \"the verdict\"}";
  }

  private static String method(String label, int lost, double gain, double flops, int students) {
    StringBuilder values = new StringBuilder();
    for (int seed = 0; seed < 5; seed++) {
      values.append(seed > 0 ? "," : "").append("\"" + seed + "\": " + (0.55 + gain));
    }
    double mean = 0.55 + gain;
    return METHOD.formatted(label, lost, values, mean, mean, flops, students);
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("lot4j-report/pom.xml"))) {
      at = at.getParent();
    }
    return at;
  }
}
