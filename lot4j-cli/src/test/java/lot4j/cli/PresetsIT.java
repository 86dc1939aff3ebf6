package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;
import lot4j.preset.Presets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every preset compares its methods for two updates, on made-up images of the true shape and on
 * made-up texts of few words.
 */
@Tag("slow")
class PresetsIT {
  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void begin() throws IOException {
    program = Program.in(directory).together();
  }

  @BeforeAll
  static void makeImagesUp() {
    new SyntheticImages(Cifar.CIFAR10, 600, 60, 1).write(directory.resolve("data/cifar10"));
    new SyntheticImages(Cifar.CIFAR100, 600, 100, 1).write(directory.resolve("data/cifar100"));
  }

  @BeforeAll
  static void makeTextsUp() throws IOException {
    text("tinyshakespeare/input.txt", 9000);
    for (String part : new String[] {"train", "valid", "test"}) {
      int characters = part.equals("train") ? 40_000 : 2500;
      text("ptb/ptb." + part + ".txt", characters);
      text("wikitext-2/wiki." + part + ".tokens", characters);
      text("wikitext-103/wiki." + part + ".tokens", characters);
    }
  }

  private static void text(String file, int characters) throws IOException {
    Path path = directory.resolve("data").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, SmallTexts.made(characters, file.length()));
  }

  static List<String> presets() {
    return Presets.names();
  }

  /** Of how many examples does not matter here; texts of the true length would take long. */
  private static List<String> own(String preset) {
    if (kind(preset).equals("rl")) {
      return List.of("task.eval-episodes=1", "batch-size=16");
    }
    if (kind(preset).equals("instructions")) {
      return List.of("batch-size=4");
    }
    byte[] yaml = Presets.find(preset).orElseThrow().bytes();
    boolean leavesRest = new String(yaml, StandardCharsets.UTF_8).contains("unlabelled: rest");
    List<String> own = new ArrayList<>(List.of("task.allow-subset=true", "batch-size=4"));
    if (!leavesRest) {
      own.add("task.train-examples=all");
    }
    if (preset.startsWith("finetune-")) {
      own.add("task.size=32"); // of 224 the networks behind need minutes
    }
    return own;
  }

  private static String kind(String preset) {
    return new ConfigReader(Catalog.load())
        .readRun(Presets.find(preset).orElseThrow(), List.of())
        .task()
        .kind();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void runsForTwoUpdates(String preset) throws IOException, InterruptedException {
    assumeFalse(
        preset.matches("wikitext103-transformerxl-(base|large)"),
        () -> preset + ": its cut-offs need a vocabulary of more than 200,000 words; not trained");
    assumeFalse(
        preset.matches(".*-(vit|swin)-.*"),
        () -> preset + ": hundreds of millions of weights; not trained");
    assumeFalse(preset.equals("atari"), "atari: needs a game file of the user's; not trained");
    assumeFalse(preset.startsWith("llama2-"), () -> preset + ": needs published weights");
    List<String> command = new ArrayList<>(List.of("compare", preset, "--data-dir", "data"));
    // One worker: the other core has another class of tests.
    command.addAll(List.of("--out", preset, "--jobs", "1"));
    for (String set :
        List.of("budget.updates=2", "eval-every=2", "checkpoint.every=2", "seeds=[0]")) {
      command.addAll(List.of("--set", set));
    }
    for (String set : own(preset)) {
      command.addAll(List.of("--set", set));
    }
    program.succeed(command.toArray(String[]::new));

    JsonNode comparison = RunFolder.json(directory.resolve(preset).resolve("compare.json"));
    assertThat(comparison.path("methods")).isNotEmpty();
    for (JsonNode method : comparison.path("methods")) {
      assertThat(method.path("n").asInt() + method.path("diverged").asInt()).isEqualTo(1);
    }
  }
}
