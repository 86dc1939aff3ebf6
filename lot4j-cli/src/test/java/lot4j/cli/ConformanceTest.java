package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lot conformance}: its document, its exit codes, what it names. */
class ConformanceTest {
  /** KL of (1/2, 1/2) to (1/4, 3/4), by hand. */
  private static final double KL = 0.5 * Math.log(2) + 0.5 * Math.log(2.0 / 3);

  @TempDir Path directory;

  private Program.Ended conformance(double expected) throws IOException, InterruptedException {
    Files.writeString(
        directory.resolve("imitability.json"),
        String.format(
            Locale.ROOT,
            """
            {"cases": [{"name": "by-hand", "temperature": 1.0, "mask": null,
              "teacher": [[0.0, 0.0]], "student": [[0.0, %s]],
              "metrics": {"kl_forward": {"value": %s}}}],
             "gaussian": []}
            """,
            Math.log(3),
            expected));
    return Program.in(directory).run("conformance", ".", "--json");
  }

  @Test
  void aRightAnswerPasses() throws IOException, InterruptedException {
    Program.Ended ended = conformance(KL).with(0);
    JsonNode document = new ObjectMapper().readTree(ended.out());
    assertThat(document.path("passed").asBoolean()).isTrue();
    JsonNode file = document.path("files").get(0);
    assertThat(file.path("file").asText()).isEqualTo("imitability.json");
    assertThat(file.path("cases").asInt()).isEqualTo(1);
    assertThat(file.path("passed").asInt()).isEqualTo(1);
    assertThat(file.path("max_error_float64").asDouble()).isBetween(0.0, 1e-12);
    assertThat(file.path("max_error_float32").asDouble()).isBetween(0.0, 1e-6);
    assertThat(ended.err()).contains("1 of 1 cases pass");
  }

  @Test
  void aWrongAnswerIs1AndNamesCaseAndQuantity() throws IOException, InterruptedException {
    Program.Ended ended = conformance(KL + 1e-4).with(1);
    JsonNode document = new ObjectMapper().readTree(ended.out());
    assertThat(document.path("passed").asBoolean()).isFalse();
    assertThat(document.path("files").get(0).path("passed").asInt()).isZero();
    assertThat(ended.err()).contains("lot: ", "by-hand", "kl_forward.value");
  }

  @Test
  void aFileThatIsNotJsonIsNamed() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("lot_step.json"), "{");
    assertThat(Program.in(directory).run("conformance", ".").refused(3).err())
        .contains("lot_step.json");
  }
}
