package lot4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.train.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of src/test/golden/known_answers.py, right and made wrong, and the shared ones. */
class KnownAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private static JsonNode right(String file) throws IOException {
    try (InputStream in =
        KnownAnswersTest.class.getResourceAsStream("/known-answers/right/" + file)) {
      return JSON.readTree(in);
    }
  }

  private KnownAnswers.Report run(String file, JsonNode root) throws IOException {
    Files.write(directory.resolve(file), JSON.writeValueAsBytes(root));
    return KnownAnswers.in(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"imitability.json", "lot_step.json"})
  void rightAnswersPass(String file) throws IOException {
    KnownAnswers.Report report = run(file, right(file));
    KnownAnswers.FileReport only = report.files().get(0);
    assertThat(only.misses()).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(only.file()).isEqualTo(file);
    assertThat(only.cases()).isEqualTo(file.equals("lot_step.json") ? 1 : 5 + 1);
    assertThat(only.passed()).isEqualTo(only.cases());
    assertThat(only.maxErrorFloat64()).isLessThan(1e-12);
    assertThat(only.maxErrorFloat32()).isPositive().isLessThan(1e-5);
  }

  /** Each changed number is found, by the case's name or index and the quantity's name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/cases/0/metrics/kl_forward/value|cases[0] (float64): kl_forward.value:",
        "/cases/0/metrics/js/grad_student/1/2|cases[0] (float64): js.grad_student[5]:",
        "/cases/1/metrics/tv/grad_teacher_T2/0/0|padding (float32): tv.grad_teacher_T2[0]:",
        "/cases/3/metrics/mse_logits/value_T2|absent on both sides (float64): mse_logits.value_T2:",
        "/gaussian/0/metrics/kl_reverse/grad_logstd_s/1/1"
            + "|gaussian[0] (float64): kl_reverse.grad_logstd_s[3]:",
        "/gaussian/0/metrics/jeffreys/value|gaussian[0] (float32): jeffreys.value:"
      })
  void aWrongMeasureIsNamed(String change) throws IOException {
    assertNamed("imitability.json", change, 5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/scenarios/0/float64/steps/1/teacher/loss"
            + "|scenarios[0] (float64): steps[1].teacher.loss:",
        "/scenarios/0/float32/steps/0/students/1/0/mu"
            + "|scenarios[0] (float32): steps[0].students[1][0].mu:",
        "/scenarios/0/float64/weights_after_1/student_a/0/0/2/1"
            + "|scenarios[0] (float64): weights_after_1.student_a[0][0][5]:",
        "/scenarios/0/float32/weights_final/teacher/0/1/1"
            + "|scenarios[0] (float32): weights_final.teacher[0][1][1]:",
        "/scenarios/0/float64/student_batches_used|scenarios[0] (float64): student_batches_used:"
      })
  void aWrongUpdateIsNamed(String change) throws IOException {
    assertNamed("lot_step.json", change, 0);
  }

  private void assertNamed(String file, String change, int passing) throws IOException {
    String[] parts = change.split("\\|");
    JsonNode root = right(file);
    int slash = parts[0].lastIndexOf('/');
    JsonNode parent = root.at(parts[0].substring(0, slash));
    String key = parts[0].substring(slash + 1);
    double wrong = root.at(parts[0]).asDouble() + 1e-3;
    if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(key), JSON.getNodeFactory().numberNode(wrong));
    } else {
      ((ObjectNode) parent).put(key, wrong);
    }
    KnownAnswers.Report report = run(file, root);
    assertThat(report.passed()).isFalse();
    assertThat(report.files().get(0).passed()).isEqualTo(passing);
    assertThat(report.files().get(0).misses()).anyMatch(miss -> miss.startsWith(parts[1]));
  }

  @Test
  void anInfinityThatShouldBeANumberIsAMiss() throws IOException {
    JsonNode root = right("imitability.json");
    assertThat(root.at("/cases/4/metrics/kl_reverse/value").asText()).isEqualTo("inf");
    ((ObjectNode) root.at("/cases/4/metrics/kl_reverse")).put("value", 1e9);
    ((ObjectNode) root.at("/cases/4/metrics/l2_prob")).put("value", "inf");
    KnownAnswers.Report report = run("imitability.json", root);
    assertThat(report.files().get(0).misses())
        .anyMatch(m -> m.contains("absent for the teacher (float64): kl_reverse.value"))
        .anyMatch(m -> m.contains("absent for the teacher (float64): l2_prob.value"));
  }

  @Test
  void aMeasureThatIsNotKnownIsAMiss() throws IOException {
    JsonNode root = right("imitability.json");
    ObjectNode metrics = (ObjectNode) root.at("/cases/0/metrics");
    metrics.set("wasserstein", metrics.get("tv"));
    KnownAnswers.Report report = run("imitability.json", root);
    assertThat(report.passed()).isFalse();
    assertThat(report.files().get(0).misses())
        .anyMatch(m -> m.contains("cases[0]") && m.contains("wasserstein: no such measure"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"cases\": [{\"temperature\": 1}]}",
        "{\"cases\": [{\"temperature\": 1, \"metrics\": {\"tv\": {\"value\": 1}}}]}",
        "{\"cases\": [{\"temperature\": -1, \"teacher\": [[1]], \"student\": [[1]],"
            + " \"metrics\": {\"tv\": {\"value\": 0}}}]}",
        "{\"cases\": [{\"temperature\": 1, \"teacher\": [[1, 2], [3]], \"student\": [[1, 2], [3]],"
            + " \"metrics\": {\"tv\": {\"value\": 0}}}]}",
        "{\"cases\": [{\"temperature\": 1, \"teacher\": [[\"x\"]], \"student\": [[1]],"
            + " \"metrics\": {\"tv\": {\"value\": 0}}}]}"
      })
  void aFileThatIsNotWhatItsNameSaysIsADataError(String text) throws IOException {
    Files.writeString(directory.resolve("imitability.json"), text);
    assertThatThrownBy(() -> KnownAnswers.in(directory))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("imitability.json: ");
  }

  @Test
  void aDirectoryWithoutKnownFilesIsADataError() {
    assertThatThrownBy(() -> KnownAnswers.in(directory))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no known-answer file");
    assertThatThrownBy(() -> KnownAnswers.in(directory.resolve("absent")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no such directory");
  }

  @Test
  void theSharedFixturesPass() {
    Optional<Path> shared = shared().filter(Files::isDirectory);
    assumeTrue(shared.isPresent(), "the shared fixtures are absent: " + shared());
    KnownAnswers.Report report = KnownAnswers.in(shared.orElseThrow());
    report.files().forEach(file -> assertThat(file.misses()).as(file.file()).isEmpty());
    assertThat(report.passed()).isTrue();
    assertThat(report.files()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(report.files()).allMatch(file -> file.cases() > 1);
  }

  private static Optional<Path> shared() {
    Optional<Path> root =
        Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
            .filter(p -> Files.isDirectory(p.resolve("lot4j-cli")))
            .findFirst()
            .map(p -> p.resolveSibling("shared"));
    return Optional.ofNullable(System.getenv("LOT_SHARED"))
        .map(Path::of)
        .or(() -> root)
        .map(p -> p.resolve("fixtures"));
  }
}
