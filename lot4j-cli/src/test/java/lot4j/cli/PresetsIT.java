package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lot4j.data.Cifar;
import lot4j.data.SyntheticImages;
import lot4j.preset.Presets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every preset compares its methods for two updates, on made-up images of the true shape. */
@Tag("slow")
class PresetsIT {
  @TempDir static Path directory;

  @BeforeAll
  static void makeImagesUp() {
    new SyntheticImages(Cifar.CIFAR10, 600, 60, 1).write(directory.resolve("data/cifar10"));
    new SyntheticImages(Cifar.CIFAR100, 600, 100, 1).write(directory.resolve("data/cifar100"));
  }

  static List<String> presets() {
    return Presets.names();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void runsForTwoUpdates(String preset) throws IOException, InterruptedException {
    Program.in(directory)
        .succeed(
            "compare",
            preset,
            "--data-dir",
            "data",
            "--out",
            preset,
            "--set",
            "budget.updates=2",
            "--set",
            "eval-every=2",
            "--set",
            "checkpoint.every=2",
            "--set",
            "seeds=[0]",
            "--set",
            "task.allow-subset=true");

    JsonNode comparison = RunFolder.json(directory.resolve(preset).resolve("compare.json"));
    assertThat(comparison.path("methods")).isNotEmpty();
    for (JsonNode method : comparison.path("methods")) {
      assertThat(method.path("n").asInt() + method.path("diverged").asInt()).isEqualTo(1);
    }
  }
}
