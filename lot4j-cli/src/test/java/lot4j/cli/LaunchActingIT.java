package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reinforcement learning in several processes. What they compute: {@code ActingTogetherTest}. */
@Tag("slow")
class LaunchActingIT {
  private static final String CONFIG =
      """
      name: acting
      task: {kind: rl, environment: cartpole, envs: 4, rollout: 8, eval-episodes: 5, validation: 3}
      ppo: {epochs: 2, normalize-rewards: true, target-kl: 0.01}
      replay: {states: 96, passes: 1}
      method: lot
      lot: {steps: 1}
      teacher: {model: actor-critic, hidden: [8], normalize: true}
      students: [{model: actor-critic, hidden: [8], normalize: true}]
      optimizer: {kind: adam, lr: 0.01, clip: 0.5}
      schedule: {kind: linear}
      budget: {updates: %d}
      batch-size: 12
      eval-every: %d
      checkpoint: {every: 5, keep: 2}
      threads: 1
      """;

  @TempDir static Path directory;
  private static Program program;

  @BeforeAll
  static void write() throws IOException {
    program = Program.in(directory);
    Files.writeString(directory.resolve("long.yaml"), CONFIG.formatted(900, 200));
    Files.writeString(directory.resolve("short.yaml"), CONFIG.formatted(60, 20));
    Path services = directory.resolve("falling/META-INF/services");
    Files.createDirectories(services);
    Files.writeString(services.resolve("lot4j.config.Extension"), Falling.Name.class.getName());
  }

  private static String[] launch(int workers, String... command) {
    return Stream.concat(Stream.of("launch", "--workers", "" + workers, "--"), Stream.of(command))
        .toArray(String[]::new);
  }

  @Test
  void oneOfThemKilledAndResumedEndsInTheSameBits() throws IOException, InterruptedException {
    program.succeed(launch(2, "train", "long.yaml", "--out", "unbroken"));
    RunFolder run = new RunFolder(directory.resolve("killed"));
    Program.Running running = program.start(launch(2, "train", "long.yaml", "--out", "killed"));
    for (int rank : new int[] {1, 0}) {
      long step = run.latestStep() + 12;
      running.until(() -> run.latestStep() >= step);
      running
          .process()
          .children()
          .sorted(Comparator.comparing(ProcessHandle::pid))
          .toList()
          .get(rank)
          .destroyForcibly();
      Program.Ended ended = running.end().with(1);
      assertThat(said(ended)).startsWith("lot: rank " + rank + " is gone: ");
      if (rank == 1) {
        onlyTheSameNumberGoesOn();
      }
      running = program.start(launch(2, "resume", "killed"));
    }
    running.end().with(0);
    run.equalTo(new RunFolder(directory.resolve("unbroken")));
  }

  private static void onlyTheSameNumberGoesOn() throws IOException, InterruptedException {
    for (String[] other :
        List.of(new String[] {"resume", "killed"}, launch(3, "resume", "killed"))) {
      assertThat(program.run(other).refused(2).err()).contains("with 2 processes");
    }
  }

  /** The one line about an error. */
  private static String said(Program.Ended ended) {
    List<String> lines = ended.err().lines().filter(line -> line.startsWith("lot: ")).toList();
    assertThat(lines).as(ended.err()).hasSize(1);
    return lines.get(0);
  }

  /** A rollout of three processes is three times that of one, and so are the counts. */
  @Test
  void whatIsCountedIsOfAll() throws IOException, InterruptedException {
    program.succeed(launch(3, "train", "short.yaml", "--out", "counted"));
    program.succeed("train", "short.yaml", "--out", "counted-alone");
    JsonNode three = last(directory.resolve("counted"));
    JsonNode one = last(directory.resolve("counted-alone"));
    assertThat(three.path("step")).isEqualTo(one.path("step"));
    assertThat(one.path("samples").asLong()).isEqualTo(10 * 4 * 8);
    assertThat(three.path("samples").asLong()).isEqualTo(3 * 10 * 4 * 8);
    assertThat(three.path("epoch")).isEqualTo(one.path("epoch"));
    assertThat(three.path("episodes").asDouble()).isGreaterThan(one.path("episodes").asDouble());
    JsonNode result = new RunFolder(directory.resolve("counted")).json("result.json");
    assertThat(result.at("/splits/test/teacher/return").asDouble()).isPositive();
    assertThat(new RunFolder(directory.resolve("counted")).json("run.json").path("processes"))
        .hasToString("3");
  }

  /** The last training line of a run. */
  private static JsonNode last(Path run) throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode found = json.createObjectNode();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode read = json.readTree(line);
      found = read.path("split").asText().equals("train") ? read : found;
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void oneThatFailsWhileActingEndsAllOfThem(int rank) throws IOException, InterruptedException {
    String out = "fallen" + rank;
    RunFolder run = new RunFolder(directory.resolve(out));
    Program.Ended ended =
        program
            .with(Map.of("LOT_CLASSPATH", "falling"))
            .run(
                launch(
                    2,
                    "train",
                    "short.yaml",
                    "--set",
                    "task.environment={kind: falling, rank: " + rank + ", step: 50}",
                    "--out",
                    out))
            .with(1);
    assertThat(said(ended)).contains("falling: environment 0, step ").contains("reward is NaN");
    assertThat(run.latestStep()).isPositive();
    assertThat(run.status()).isEqualTo("failed");
  }
}
