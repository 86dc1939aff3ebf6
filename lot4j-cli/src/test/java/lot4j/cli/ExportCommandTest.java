package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lot export}: what it writes, what it refuses. */
class ExportCommandTest {
  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void train() throws IOException, InterruptedException {
    program = Program.in(directory).together();
    SmallRuns.write(directory, 3);
    program.succeed("train", "small.yaml", "--out", "run");
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Everything that differs from machine to machine taken out, the rest as it is. */
  @Test
  void theCardIsAsKept() throws IOException, InterruptedException {
    Program.Ended ended =
        program.succeed("export", "run", "--to", "kept.safetensors", "--json", "--license", "MIT");
    assertThat(new ObjectMapper().readTree(ended.out()))
        .isEqualTo(RunFolder.json(directory.resolve("kept.safetensors.json")));
    String shown =
        ended
            .out()
            .replaceAll(
                "(\"(?:sha256|config_digest|started|ended|cpu_capability)\" : )\"[^\"]*\"",
                "$1\"…\"")
            .replaceAll("(\"(?:lot4j|libtorch|java|exported_by)\" : )\"[^\"]*\"", "$1\"…\"")
            .replaceAll(
                "(\"(?:loss|accuracy|balanced_accuracy|f1|ece|entropy|value|wall_s|kl_\\w+|agreement)\" : )[-0-9.E]+",
                "$1…")
            .replaceAll("(\"(?:mean|std)\" : )\\[[^\\]]*\\]", "$1[…]");
    Golden.check("card.json", shown);
  }

  @Test
  void bothFormatsAreWrittenOnceAndReplacedOnRequest() throws IOException, InterruptedException {
    String said = program.succeed("export", "run", "--to", "net.onnx", "--student", "1").out();
    assertThat(said.lines()).containsExactly("network: net.onnx", "card: net.onnx.json");
    byte[] before = Files.readAllBytes(directory.resolve("net.onnx"));
    assertThat(program.run("export", "run", "--to", "net.onnx").refused(2).err())
        .contains("net.onnx is there already; --force replaces it");
    assertThat(Files.readAllBytes(directory.resolve("net.onnx"))).isEqualTo(before);
    program.succeed("export", "run", "--to", "net.onnx", "--force", "--pixels");
    JsonNode card = RunFolder.json(directory.resolve("net.onnx.json"));
    assertThat(card.at("/learner").asText()).isEqualTo("teacher");
    assertThat(card.at("/input/type").asText()).isEqualTo("uint8");
    // A card alone, from a file that was moved away, is not overwritten either.
    Files.delete(directory.resolve("net.onnx"));
    assertThat(program.run("export", "run", "--to", "net.onnx").refused(2).err())
        .contains("net.onnx.json is there already");
  }

  @Test
  void whatIsWrongIsSaidAndNothingWritten() throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("comparison"));
    Files.writeString(directory.resolve("comparison/experiment.yaml"), "");
    Files.createDirectories(directory.resolve("empty"));
    List<String> before = files();
    refused(2, "ends in .safetensors, .onnx, .pt", "run", "--to", "net.h5");
    refused(2, "cnn did not come as TorchScript", "run", "--to", "net.pt");
    refused(2, "no such folder", "run", "--to", "nowhere/net.onnx");
    refused(
        2,
        "--student 7 is not allowed; this run has [teacher, student0, student1]",
        "run",
        "--to",
        "x.onnx",
        "--student",
        "7");
    refused(2, "weights have no input", "run", "--to", "x.safetensors", "--pixels");
    refused(2, "weights stay as they are", "run", "--to", "x.safetensors", "--calibrated");
    refused(3, "is not calibrated yet", "run", "--to", "x.onnx", "--calibrated");
    refused(3, "missing: no such run", "missing", "--to", "x.onnx");
    refused(3, "empty: neither a run nor a run's checkpoint", "empty", "--to", "x.onnx");
    refused(3, "a comparison; name one of the runs", "comparison", "--to", "x.onnx");
    assertThat(files()).isEqualTo(before);
  }

  private static void refused(int code, String words, String... arguments)
      throws IOException, InterruptedException {
    String[] all = Stream.concat(Stream.of("export"), Stream.of(arguments)).toArray(String[]::new);
    assertThat(program.run(all).refused(code).err()).contains(words);
  }
}
