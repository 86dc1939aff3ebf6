package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  @TempDir private Path runs;

  @Test
  void thePageInTheDocumentationIsTheGeneratedOne() throws IOException {
    Path docs = root().resolve("docs");
    assertThat(Files.readString(docs.resolve("results.md")))
        .as("regenerate with: ./lot report --results docs/results --to docs/results.md")
        .isEqualTo(ResultsPage.of(docs.resolve("results")));
  }

  @Test
  void theStudyInTheDocumentationIsTheGeneratedOne() throws IOException {
    Path docs = root().resolve("docs");
    assertThat(Files.readString(docs.resolve("study.md")))
        .as("regenerate with: ./lot report --results docs/study --to docs/study.md")
        .isEqualTo(ResultsPage.of(docs.resolve("study")));
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
  void manyMethodsStandAgainstBothBaselinesWithWhatTheyCost() throws IOException {
    write("about.md", "# My study\n");
    write("end.md", "Limits.\n");
    write("1-a/about.md", "## A\n");
    write("1-a/compare.json", neighbours(0.02, 0.01));
    assertThat(ResultsPage.of(directory))
        .startsWith("# My study\n")
        .endsWith("\nLimits.\n")
        .contains("| teacher-only-equal-compute | 5 | 55.00 % | +0.00 [+0.00, +0.00] |")
        .contains(
            "| sam | 5 | 57.00 % | +2.00 [+2.00, +2.00] | [+2.00, +2.00] | +2.00 [+2.00, +2.00] |"
                + " [+2.00, +2.00] | 2.00x |");
  }

  @Test
  void severalSplitsOfManyMethodsAreTheSample() throws IOException {
    write("1-a/about.md", "## A\n");
    write("1-a/split0.json", neighbours(0.01, 0.01));
    write("1-a/split1.json", neighbours(0.03, -0.01));
    assertThat(ResultsPage.of(directory))
        // mean 2, standard deviation sqrt(2), t(0.975, 1) = 12.706
        .contains(
            "| sam | 5 | 57.00 % | +2.00 (+1.00 to +3.00) | [-10.71, +14.71] | 2 of 2 | +2.00"
                + " (+1.00 to +3.00) |")
        .contains("| lot-paper | 5 | 55.00 % | +0.00 (-1.00 to +1.00) | [-12.71, +12.71] | 1 of 2");
  }

  private static String neighbours(double sam, double lot) {
    return "{\"primary\": {\"name\": \"accuracy\"}, \"methods\": {"
        + String.join(
            ",",
            method("teacher-only", 0, 0, 1000, 0),
            method("teacher-only-equal-compute", 0, 0, 3670, 0),
            method("lot-paper", 0, lot, 3670, 7),
            method("sam", 0, sam, 2000, 0))
        + "}, \"verdict\": \"the verdict\"}";
  }

  @Test
  void aDamagedDocumentIsNamed() throws IOException {
    write("1-a/about.md", "## A\n");
    write("1-a/compare.json", "{\"methods\": ");
    assertThatThrownBy(() -> ResultsPage.of(directory))
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("compare.json");
  }

  @Test
  void returnsHaveIqmProbabilityGapAndCurve() throws IOException {
    write("1-levels/about.md", "## Levels\n");
    write("1-levels/compare.json", returns("levels", 7e9, 0));
    assertThat(ResultsPage.of(directory))
        .contains(
            "| method | n | IQM | mean | minus teacher-only | t | P(better) | env steps | updates |"
                + " FLOPs | seconds |")
        .contains("| lot-paper | 6 | 197.3 [")
        .contains("] | 241.2 [183.2, 342.0] | +82.83 [+81.00, +84.67] | [+80.14, +85.52] | 0.86 [")
        .contains("] | 100,000 | 1,000 + 5,000 | 7.00 G (3.50x) | 7.00 |")
        .contains("| lot-paper | 6 | 291.2 | 241.2 | +50.00 [+50.00, +50.00] | [+50.00, +50.00] |")
        // At 10 % not every seed has a report yet.
        .contains("| teacher-only | - | 28.75 [24.38, 65.63] |")
        .contains("which is not matched.")
        .doesNotContain("tasks together")
        .doesNotContain(" % [");
  }

  @Test
  void severalTasksOfReturnsArePutTogetherByStrata() throws IOException {
    write("1-games/about.md", "## Games\n");
    write("1-games/asterix.json", returns("asterix", 7e9, 0));
    write("1-games/breakout.json", returns("breakout", 7e9, -1000));
    assertThat(ResultsPage.of(directory))
        .contains("### asterix\n")
        .contains("### breakout\n")
        .contains("### 2 tasks together")
        // Of each task's range 90 to 486: 100 to 130 twice without the quarters at both ends.
        .contains("| teacher-only | 2 | 12 | 0.06 [")
        .contains("| lot-paper | 2 | 12 | 0.27 [")
        .contains("] | 0.86 [");
  }

  @Test
  void aDrawingBesideADocumentIsShown() throws IOException {
    write("1-a/about.md", "## A\n");
    write("1-a/compare.json", document(0.02));
    write("1-a/compare.svg", "<svg/>");
    assertThat(ResultsPage.of(directory))
        .contains("curves](" + directory.getFileName() + "/1-a/compare.svg)");
  }

  private String returns(String name, double flops, double shift) {
    double[] plain = {100, 120, 130, 90, 110, 400};
    double[] lot = {180, 200, 215, 172, 194, 486};
    return new SyntheticReturns(runs.resolve(name))
        .withLevels()
        .method("teacher-only", "teacher-only", 2e9, shifted(plain, shift))
        .method("lot-paper", "lot", flops, shifted(lot, shift))
        .compare()
        .json()
        .toString();
  }

  private static double[] shifted(double[] values, double shift) {
    return Arrays.stream(values).map(value -> value + shift).toArray();
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
