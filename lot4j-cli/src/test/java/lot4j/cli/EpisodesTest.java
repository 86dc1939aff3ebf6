package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import lot4j.rl.Evaluation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lot eval} with {@code --episodes} and {@code --record}. */
class EpisodesTest {
  private static final String CONFIG =
      """
      name: walk
      task:
        kind: rl
        environment: {kind: grid-levels, size: 5, max-steps: 20}
        envs: 4
        rollout: 16
        eval-episodes: 6
      method: lot
      teacher: {model: mlp, hidden: [16]}
      students: [{model: mlp, hidden: [8]}]
      optimizer: {kind: adam, lr: 1e-3}
      batch-size: 32
      student-batch-size: 32
      replay: {states: 64}
      budget: {env-steps: 128}
      threads: 1
      """;

  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void train() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("walk.yaml"), CONFIG);
    program = Program.in(directory).together();
    program.succeed("train", "walk.yaml", "--out", "run");
  }

  private static JsonNode json(Program.Ended ended) throws IOException {
    return new ObjectMapper().readTree(ended.out());
  }

  @Test
  void metricsGiveTheSpreadOfTheReturns() {
    Map<String, Double> metrics =
        Episodes.metrics(
            new Evaluation.Result(
                List.of(4.0, 0.0, 1.0, 100.0, 2.0, 3.0, 2.0, 0.0),
                List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L)));

    assertThat(metrics)
        .containsEntry("return", 14.0)
        .containsEntry("return_median", 2.0)
        .containsEntry("return_min", 0.0)
        .containsEntry("return_max", 100.0)
        // Without the two smallest (0, 0) and the two largest (4, 100).
        .containsEntry("return_iqm", 2.0)
        .containsEntry("episode_length", 4.5);
    // Squares of the differences: 100, 196, 169, 7396, 144, 121, 144, 196; their sum over 7.
    assertThat(metrics.get("return_sd")).isCloseTo(Math.sqrt(8466 / 7.0), within(1e-12));
    assertThat(metrics.get("return_low")).isBetween(0.0, 3.0);
    assertThat(metrics.get("return_high")).isBetween(30.0, 60.0);
  }

  @Test
  void oneEpisodeHasNoInterval() {
    assertThat(Episodes.metrics(new Evaluation.Result(List.of(3.0), List.of(5L))))
        .doesNotContainKeys("return_low", "return_high")
        .containsEntry("return_iqm", 3.0);
  }

  @Test
  void playsAsManyEpisodesAsAsked() throws IOException, InterruptedException {
    JsonNode document = json(program.succeed("eval", "run", "--episodes", "9", "--json"));

    assertThat(document.path("split").asText()).isEqualTo("test");
    for (String learner : List.of("teacher", "student0", "ensemble")) {
      double sum = 0;
      for (JsonNode value : document.path("returns").path(learner)) {
        sum += value.asDouble();
      }
      assertThat(document.path("returns").path(learner)).hasSize(9);
      assertThat(document.path("episode_lengths").path(learner)).hasSize(9);
      assertThat(document.path("learners").path(learner).path("return").asDouble())
          .isCloseTo(sum / 9, within(1e-12));
    }
  }

  @Test
  void theTasksOwnNumberGivesTheResultAgain() throws IOException, InterruptedException {
    JsonNode result = new RunFolder(directory.resolve("run")).json("result.json");
    JsonNode document = json(program.succeed("eval", "run", "--episodes", "6", "--json"));

    assertThat(document.at("/learners/teacher/return"))
        .isEqualTo(result.at("/splits/test/teacher/return"));
    assertThat(document.at("/learners/teacher/episode_length"))
        .isEqualTo(result.at("/splits/test/teacher/episode_length"));
  }

  @Test
  void filmsTheFirstOfTheEpisodes() throws IOException, InterruptedException {
    Program.Ended ended =
        program.succeed("eval", "run", "--record", "film.gif", "--student", "0", "--json");

    assertThat(ended.err()).contains("film film.gif");
    int length = json(ended).at("/episode_lengths/student0/0").asInt();
    assertThat(json(ended).path("returns")).hasSize(1);
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in =
        ImageIO.createImageInputStream(directory.resolve("film.gif").toFile())) {
      reader.setInput(in);
      assertThat(reader.getWidth(0)).isEqualTo(reader.getHeight(0)).isEqualTo(5 * 24);
      // Steps into a wall change nothing and are not stored again.
      assertThat(reader.getNumImages(true)).isBetween(1, length + 1);
    }
  }

  @Test
  void refusesWhatCannotBe() throws IOException, InterruptedException {
    refused("--episodes 0 is not allowed; 1 or more", "--episodes", "0");
    refused("--record a.png is not allowed; a file that ends in .gif", "--record", "a.png");
    refused(
        "--record no/a.gif is not allowed; a file in a directory that is there",
        "--record",
        "no/a.gif");
    refused("--data is not allowed with --record; one of them", "--record", "a.gif", "--data", "x");
    refused(
        "--student 1 is not allowed; number of students: 1", "--record", "a.gif", "--student", "1");
    assertThat(directory.resolve("a.gif")).doesNotExist();
  }

  private void refused(String message, String... options) throws IOException, InterruptedException {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "eval";
    arguments[1] = "run";
    System.arraycopy(options, 0, arguments, 2, options.length);
    assertThat(program.run(arguments).refused(2).err()).isEqualTo("lot: " + message + "\n");
  }

  @Test
  void refusesRunsThatDoNotAct() throws IOException, InterruptedException {
    program.succeed(
        "train", "digits", "--set", "budget.updates=1", "--out", "digits", "--threads", "1");

    assertThat(program.run("eval", "digits", "--episodes", "5").refused(2).err())
        .isEqualTo(
            "lot: --episodes is not allowed; this run's task is image, only rl has episodes\n");
    Path checkpoint = new RunFolder(directory.resolve("digits")).latest();
    assertThat(program.run("eval", checkpoint.toString(), "--record", "a.gif").refused(2).err())
        .isEqualTo(
            "lot: --record is not allowed; this run's task is image, only rl has episodes\n");
  }
}
