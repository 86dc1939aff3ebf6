package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lot4j.train.RunSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What evaluations leave behind: details of the test scores, results on other data. */
class EvaluationsTest {
  private static final int TEST_IMAGES = 500;
  private static final String[] SHORT = {
    "--set", "budget.updates=3", "--set", "eval-every=3", "--set", "checkpoint.every=3"
  };

  @TempDir static Path directory;
  @AutoClose private static Program program;

  @BeforeAll
  static void trainAndCompare() throws IOException, InterruptedException {
    program = Program.in(directory).together();
    train("run", "task.label-noise=0.2");
    List<String> compare =
        new ArrayList<>(List.of("compare", "digits", "--out", "both", "--set", "seeds=[1, 2]"));
    compare.addAll(List.of("--set", "methods=[teacher-only, lot-paper]", "--jobs", "1"));
    compare.addAll(List.of(SHORT));
    program.succeed(compare.toArray(new String[0]));
  }

  private static void train(String name, String setting) throws IOException, InterruptedException {
    program.succeed(
        Stream.concat(
                Stream.of("train", "digits", "--out", name, "--threads", "1", "--set", setting),
                Stream.of(SHORT))
            .toArray(String[]::new));
  }

  private static JsonNode json(String file) throws IOException {
    return RunFolder.json(directory.resolve(file));
  }

  @Test
  void detailsAreWhatTheTestScoresAreMadeOf() throws IOException {
    JsonNode details = json("run/details.json");
    JsonNode scores = json("run/result.json").at("/splits/test");

    assertThat(details.path("schema").asText()).isEqualTo("lot4j-details-1");
    assertThat(details.path("split").asText()).isEqualTo("test");
    assertThat(details.path("classes")).hasSize(10);
    for (String learner : List.of("teacher", "student0", "ensemble")) {
      JsonNode of = details.path("learners").path(learner);
      long right = 0;
      long all = 0;
      for (int row = 0; row < 10; row++) {
        right += of.path("confusion").get(row).get(row).asLong();
        for (JsonNode cell : of.path("confusion").get(row)) {
          all += cell.asLong();
        }
      }
      double error = 0;
      for (JsonNode bin : of.path("reliability")) {
        error +=
            bin.path("n").asDouble()
                / TEST_IMAGES
                * Math.abs(bin.path("accuracy").asDouble() - bin.path("confidence").asDouble());
      }
      assertThat(all).isEqualTo(TEST_IMAGES);
      assertThat((double) right / TEST_IMAGES)
          .isEqualTo(scores.path(learner).path("accuracy").asDouble());
      assertThat(error).isCloseTo(scores.path(learner).path("ece").asDouble(), within(1e-12));
    }
    assertThat(scores.path("student0").path("kl_free_reference").asDouble()).isPositive();
    assertThat(scores.path("student0").path("kl_reference_free").asDouble()).isPositive();
    assertThat(scores.path("teacher").has("agreement")).isFalse();
  }

  @Test
  void wrongLabelsThatWereLearntAreCounted() throws IOException {
    JsonNode train = json("run/result.json").at("/splits/train/teacher");
    // Of 40 labels.
    double fitted = 40 * train.path("noise_fitted").asDouble(-1);
    assertThat(fitted).isBetween(0.0, 40.0).isCloseTo(Math.rint(fitted), within(1e-9));
    assertThat(json("both/runs/lot-paper-seed1/result.json").path("splits").has("train")).isFalse();
  }

  @Test
  void resultsOnOtherDataAreKeptInTheRun() throws IOException, InterruptedException {
    Program.Ended ended = program.succeed("eval", "run", "--data", "digits", "--json");
    JsonNode kept = json("run/evals/digits.json");
    JsonNode shown = new ObjectMapper().readTree(ended.out());

    assertThat(ended.err()).contains("saved: run/evals/digits.json");
    assertThat(kept.path("schema").asText()).isEqualTo("lot4j-eval-1");
    assertThat(kept.path("data").asText()).isEqualTo("digits");
    assertThat(kept.path("split").asText()).isEqualTo("test");
    assertThat(kept.path("step").asInt()).isEqualTo(3);
    assertThat(kept.path("learners")).isEqualTo(shown.path("learners"));
    assertThat(kept.at("/learners/student0/agreement").isNumber()).isTrue();
  }

  @Test
  void nothingIsKeptWhereThatIsNotWantedOrNotPossible() throws IOException, InterruptedException {
    train("shut", "task.label-noise=0");
    program.succeed("eval", "shut", "--data", "digits", "--no-save");
    program.succeed("eval", "shut", "--split", "valid");
    program.succeed("eval", "shut/checkpoints/step-00000003.ckpt", "--data", "digits");
    assertThat(directory.resolve("shut/evals")).doesNotExist();

    Files.writeString(directory.resolve("shut/evals"), "in the way");
    Program.Ended ended = program.succeed("eval", "shut", "--data", "digits");
    assertThat(ended.out()).contains("test teacher loss");
    assertThat(ended.err()).contains("not saved: shut/evals");
  }

  @Test
  void aComparisonIsEvaluatedRunByRun() throws IOException, InterruptedException {
    Program.Ended ended = program.succeed("eval", "both", "--data", "digits", "--json");
    JsonNode document = new ObjectMapper().readTree(ended.out());
    double sum = 0;
    for (int seed : new int[] {1, 2}) {
      String run = "lot-paper-seed" + seed;
      JsonNode kept = json("both/runs/" + run + "/evals/digits.json");
      assertThat(document.path("runs").path(run)).isEqualTo(kept.path("learners"));
      sum += kept.at("/learners/teacher/accuracy").asDouble();
    }
    JsonNode accuracy = document.at("/methods/lot-paper/teacher/accuracy");
    assertThat(accuracy.path("n").asInt()).isEqualTo(2);
    assertThat(accuracy.path("mean").asDouble()).isCloseTo(sum / 2, within(1e-12));
    assertThat(accuracy.path("ci95")).hasSize(2);
    assertThat(document.at("/methods/teacher-only").has("student0")).isFalse();

    List<String> table = program.succeed("eval", "both").out().lines().toList();
    assertThat(table).hasSize(4);
    assertThat(table.get(0)).isEqualTo("test teacher");
    assertThat(table.get(1)).startsWith("method").contains("loss", "accuracy", "ece", "entropy");
    assertThat(table.get(2)).startsWith("teacher-only").contains("[");
    assertThat(program.succeed("eval", "both", "--student", "0").out())
        .contains("lot-paper", "agreement")
        .doesNotContain("teacher-only");
    assertThat(program.run("eval", "both", "--student", "7").refused(2).err())
        .contains("--student 7");
    assertThat(program.run("eval", "both", "--episodes", "2").refused(3).err())
        .contains("a comparison; name one of the runs");
  }

  @Test
  void namesOfDataMakeSafeFileNamesThatDoNotCollide() throws IOException {
    assertThat(SavedEvaluation.slug("/data/More Photos.zip")).isEqualTo("more-photos.zip");
    assertThat(SavedEvaluation.slug("photos/../..")).doesNotContain("..").isNotEmpty();
    assertThat(SavedEvaluation.slug("фото")).isEqualTo("data");
    assertThat(SavedEvaluation.slug("a".repeat(300))).hasSize(80);

    Path run = Files.createDirectory(directory.resolve("kept"));
    Console console = new Console(System.out, System.err, true, false, false);
    RunSession.Evaluated evaluated =
        new RunSession.Evaluated(5, Map.of("teacher", Map.of("loss", Double.NaN)));
    for (String data : List.of("a/x", "b/x", "a/x")) {
      SavedEvaluation.write(console, run, data, evaluated);
    }
    try (Stream<Path> files = Files.list(run.resolve("evals"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("x.json", "x-2.json");
    }
    JsonNode teacher = json("kept/evals/x-2.json").at("/learners/teacher");
    assertThat(json("kept/evals/x-2.json").path("data").asText()).isEqualTo("b/x");
    assertThat(teacher.path("loss").isNull()).isTrue();
    assertThat(teacher.path("loss_reason").asText()).isEqualTo("not a number");
  }
}
