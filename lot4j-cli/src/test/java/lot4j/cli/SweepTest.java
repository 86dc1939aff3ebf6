package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sweeps: what is trained and chosen, that the test split chooses nothing, and that a kill changes
 * nothing. What takes longer is in {@link SweepIT}.
 */
class SweepTest {
  private static final String[] ASKED = {
    "sweep",
    "small.yaml",
    "--grid",
    "lot.alpha=0.5,2",
    "--grid",
    "lot.steps=1,2",
    "--baseline",
    "teacher-only,teacher-only-equal-compute"
  };

  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void sweepOneAtATime() throws IOException, InterruptedException {
    SmallRuns.write(directory, 12);
    program = Program.in(directory).together();
    program.run(asked("--jobs", "1", "--out", "unbroken")).with(0);
  }

  static String[] asked(String... more) {
    return Stream.concat(Stream.of(ASKED), Stream.of(more)).toArray(String[]::new);
  }

  private static JsonNode sweep(String name) throws IOException {
    return sweep(directory.resolve(name));
  }

  /** A sweep's document without times. */
  static JsonNode sweep(Path sweep) throws IOException {
    return withoutTimes(RunFolder.json(sweep.resolve("sweep.json")));
  }

  private static JsonNode withoutTimes(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("wall_s");
    }
    node.forEach(SweepTest::withoutTimes);
    return node;
  }

  private static List<Path> runs(String name) throws IOException {
    return runs(directory, name);
  }

  /** A sweep's run directories, relative to it. */
  static List<Path> runs(Path root, String name) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(name))) {
      return files
          .filter(file -> file.endsWith("run.json"))
          .map(file -> root.resolve(name).relativize(file.getParent()))
          .sorted()
          .toList();
    }
  }

  /** Checks that a sweep is the one that nothing disturbed. */
  static void equal(Path root, String name) throws IOException {
    Path unbroken = root.resolve("unbroken");
    assertThat(sweep(root.resolve(name))).isEqualTo(sweep(unbroken));
    assertThat(runs(root, name)).isEqualTo(runs(root, "unbroken"));
    for (Path run : runs(root, name)) {
      assertThat(content(root.resolve(name).resolve(run)))
          .isEqualTo(content(unbroken.resolve(run)));
    }
  }

  /** A stop close to a run's end leaves a checkpoint of its own beside the last one. */
  private static Map<String, String> content(Path run) throws IOException {
    RunFolder folder = new RunFolder(run);
    Map<String, String> content = folder.content();
    String last = "checkpoints/" + folder.latest().getFileName();
    content.keySet().removeIf(file -> file.contains("/step-") && !file.startsWith(last));
    assertThat(content).containsKeys("result.json", "metrics.jsonl", last + "/teacher.safetensors");
    return content;
  }

  @Test
  void equalRunsAreTrainedOnce() throws IOException {
    // 4 points, 2 seeds. α changes nothing for a teacher alone, N changes what equal compute is.
    assertThat(runs("unbroken").stream().map(Path::toString))
        .filteredOn(run -> run.endsWith("seed0"))
        .containsExactly(
            "baselines/teacher-only-0/runs/teacher-only-seed0",
            "baselines/teacher-only-equal-compute-0/runs/teacher-only-equal-compute-seed0",
            "baselines/teacher-only-equal-compute-1/runs/teacher-only-equal-compute-seed0",
            "trials/t0/runs/lot-seed0",
            "trials/t1/runs/lot-seed0",
            "trials/t2/runs/lot-seed0",
            "trials/t3/runs/lot-seed0");
    assertThat(runs("unbroken")).hasSize(14);
    assertThat(sweep("unbroken").path("runs").asInt()).isEqualTo(14);
  }

  @Test
  void everyTrialIsThePointThatItSays() throws IOException {
    for (JsonNode trial : sweep("unbroken").path("trials")) {
      for (JsonNode run : trial.path("runs")) {
        String config =
            Files.readString(directory.resolve("unbroken/" + run.asText() + "/config.yaml"));
        JsonNode values = trial.path("values");
        assertThat(config)
            .containsPattern("alpha: " + values.path("lot.alpha").asText())
            .containsPattern("steps: " + values.path("lot.steps").asText());
      }
    }
  }

  @Test
  void scoresAreThoseOfTheValidationSplit() throws IOException {
    JsonNode sweep = sweep("unbroken");
    assertThat(sweep.path("metric").path("split").asText()).isEqualTo("valid");
    for (JsonNode trial : sweep.path("trials")) {
      double sum = 0;
      for (String seed : List.of("0", "1")) {
        JsonNode result =
            RunFolder.json(
                directory.resolve(
                    "unbroken/" + trial.path("runs").path(seed).asText() + "/result.json"));
        double valid = result.at("/splits/valid/teacher/accuracy").asDouble();
        assertThat(trial.path("scores").path(seed).asDouble()).isEqualTo(valid);
        sum += valid;
      }
      assertThat(trial.path("mean").asDouble()).isEqualTo(sum / 2);
    }
  }

  /** Test values that would turn the choice around, and that nobody may see but the winner's. */
  @Test
  void theTestSplitChoosesNothingAndLosersKeepTheirs() throws IOException, InterruptedException {
    copy("unbroken", "turned");
    JsonNode before = sweep("turned");
    String winner = before.path("winner").path("id").asText();
    for (Path run : runs("turned")) {
      boolean won = run.startsWith("trials/" + winner);
      test(directory.resolve("turned").resolve(run), won ? 0.0625 : 0.987654321);
    }
    Program.Ended ended = program.succeed("resume", "turned");

    JsonNode after = sweep("turned");
    assertThat(after.path("winner").path("id").asText()).isEqualTo(winner);
    assertThat(after.path("trials")).isEqualTo(before.path("trials"));
    assertThat(after.path("rungs")).isEqualTo(before.path("rungs"));
    assertThat(after.path("winner").path("test").path("mean").asDouble()).isEqualTo(0.0625);
    // The winner's baselines stand beside it; no other trial's test value is anywhere.
    ((ObjectNode) after.path("winner").path("test")).remove("baselines");
    assertThat(after.toString()).doesNotContain("0.987");
    assertThat(Files.readString(directory.resolve("turned/sweep.csv"))).doesNotContain("0.987");
    assertThat(ended.out().lines().filter(line -> line.contains("98.77"))).isEmpty();
    assertThat(ended.out()).contains("Its test accuracy, looked at once, after the choice: 6.25 %");
  }

  private static void test(Path run, double value) throws IOException {
    Path file = run.resolve("result.json");
    ObjectNode result = (ObjectNode) RunFolder.json(file);
    ((ObjectNode) result.at("/splits/test/teacher")).put("accuracy", value);
    ((ObjectNode) result.path("primary")).put("value", value);
    Files.writeString(file, result.toString());
  }

  private static void copy(String from, String to) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(from))) {
      for (Path file : new ArrayList<>(files.toList())) {
        Files.copy(file, directory.resolve(to).resolve(directory.resolve(from).relativize(file)));
      }
    }
  }

  @Test
  void aKilledSweepWithTwoJobsEndsInTheSameBits() throws IOException, InterruptedException {
    Program.Running running = program.start(asked("--jobs", "2", "--out", "killed"));
    RunFolder first = new RunFolder(directory.resolve("killed/trials/t2/runs/lot-seed0"));
    running.until(() -> first.latestStep() >= 3);
    var workers = ComparisonTest.workers(running);
    workers.values().forEach(ProcessHandle::destroyForcibly);
    running.kill();
    for (ProcessHandle worker : workers.values()) {
      worker.onExit().join();
    }
    assertThat(sweep("killed").path("status").asText()).isEqualTo("running");

    program.succeed("resume", "killed");
    equal(directory, "killed");
  }

  @Test
  void aFinishedSweepSaysSoAndChangesNothing() throws IOException, InterruptedException {
    JsonNode before = sweep("unbroken");
    Program.Ended ended = program.succeed("resume", "unbroken", "--json");

    assertThat(ended.err()).contains("unbroken: finished; nothing to do");
    assertThat(withoutTimes(new ObjectMapper().readTree(ended.out()))).isEqualTo(before);
    assertThat(sweep("unbroken")).isEqualTo(before);
  }

  @Test
  void aPlanSaysTheCostAndWritesNothing() throws IOException, InterruptedException {
    Program.Ended ended = program.run(asked("--plan", "--json"));
    JsonNode plan = new ObjectMapper().readTree(ended.with(0).out());

    assertThat(plan.path("points").asInt()).isEqualTo(4);
    assertThat(plan.path("runs").asInt()).isEqualTo(14);
    double flops = 0;
    for (Path run : runs("unbroken")) {
      flops +=
          RunFolder.json(directory.resolve("unbroken").resolve(run).resolve("result.json"))
              .path("flops")
              .asDouble();
    }
    assertThat(plan.path("flops").asDouble()).isEqualTo(flops);
    assertThat(plan.path("estimated_seconds").asDouble()).isPositive();
    assertThat(directory.resolve("runs")).doesNotExist();
  }
}
