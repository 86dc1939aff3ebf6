package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON documents and files that scripts rely on, key by key. */
class JsonDocumentsTest {
  private static final String[] SHORT = {
    "--set", "budget.updates=6", "--set", "eval-every=3", "--set", "checkpoint.every=3"
  };

  @TempDir static Path directory;
  @AutoClose private static Program program;
  private static Program.Ended trained;
  private static Program.Ended compared;

  @BeforeAll
  static void trainAndCompare() throws IOException, InterruptedException {
    program = Program.in(directory).together();
    trained =
        program.succeed(
            with("train", "digits", "--json", "--out", "run", "--threads", "1", "--seed", "4"));
    compared =
        program.succeed(
            with("compare", "digits", "--json", "--out", "both", "--set", "seeds=[1, 3]"));
  }

  private static String[] with(String... arguments) {
    return Stream.concat(Stream.of(arguments), Stream.of(SHORT)).toArray(String[]::new);
  }

  private static JsonNode parsed(String text) throws IOException {
    return new ObjectMapper()
        .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .readTree(text);
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void trainPrintsItsResultAloneAndTheRestToStandardError() throws IOException {
    assertThat(parsed(trained.out()))
        .isEqualTo(RunFolder.json(directory.resolve("run/result.json")));
    assertThat(trained.err()).contains("run run", "test teacher loss");
  }

  @Test
  void resultHasTheKeysOfTheContract() throws IOException {
    JsonNode result = parsed(trained.out());
    assertThat(keys(result))
        .contains(
            "splits",
            "primary",
            "selected_on",
            "selected_step",
            "teacher_updates",
            "student_updates",
            "flops",
            "wall_s",
            "peak_rss_bytes");
    assertThat(keys(result.path("splits"))).containsExactlyInAnyOrder("valid", "test");
    assertThat(keys(result.path("splits").path("test")))
        .containsExactly("teacher", "student0", "ensemble");
    assertThat(keys(result.path("splits").path("test").path("teacher")))
        .containsExactly("loss", "accuracy", "balanced_accuracy", "f1", "ece", "entropy");
    assertThat(result.path("primary").path("name").asText()).isEqualTo("accuracy");
    assertThat(result.path("primary").path("split").asText()).isEqualTo("test");
    assertThat(result.path("primary").path("higher_is_better").asBoolean()).isTrue();
    assertThat(result.path("primary").path("value").asDouble())
        .isEqualTo(result.at("/splits/test/teacher/accuracy").asDouble());
    assertThat(result.path("selected_on").asText()).isEqualTo("none (last)");
    assertThat(result.path("teacher_updates").asInt()).isEqualTo(6);
    assertThat(result.path("student_updates").asInt()).isEqualTo(6);
  }

  @Test
  void runHasTheKeysOfTheContract() throws IOException {
    JsonNode run = RunFolder.json(directory.resolve("run/run.json"));
    assertThat(keys(run))
        .contains(
            "schema",
            "name",
            "label",
            "method",
            "seed",
            "status",
            "versions",
            "cpu_capability",
            "device",
            "threads",
            "started",
            "ended",
            "data",
            "config_digest");
    assertThat(run.path("seed").asLong()).isEqualTo(4);
    assertThat(run.path("threads").asInt()).isEqualTo(1);
    assertThat(run.path("status").asText()).isEqualTo("done");
    assertThat(run.at("/data/counts/train").asInt()).isEqualTo(200);
    assertThat(run.at("/data/files/0/sha256").asText()).hasSize(64);
  }

  @Test
  void metricsAreWholeLinesWithTheKeysOfTheContract() throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve("run/metrics.jsonl"));
    List<String> seen = new ArrayList<>();
    for (String line : lines) {
      JsonNode node = parsed(line);
      assertThat(keys(node).subList(0, 6))
          .containsExactly("step", "epoch", "split", "wall_s", "flops", "samples");
      seen.add(node.path("split").asText() + node.path("step").asInt());
      if (node.path("split").asText().equals("train")) {
        assertThat(keys(node))
            .contains(
                "teacher/loss",
                "teacher/task_loss",
                "teacher/imitability",
                "teacher/penalty",
                "teacher/accuracy",
                "student0/imitability",
                "lr");
      }
    }
    assertThat(seen).containsExactly("train3", "valid3", "train6", "valid6", "test6");
  }

  @Test
  void theConfigurationRerunGivesTheRunAgain() throws IOException, InterruptedException {
    program.succeed("train", "run/config.yaml", "--out", "again");
    new RunFolder(directory.resolve("again")).equalTo(new RunFolder(directory.resolve("run")));
  }

  @Test
  void compareHasTheKeysOfTheContract() throws IOException {
    JsonNode document = parsed(compared.out());
    assertThat(document).isEqualTo(RunFolder.json(directory.resolve("both/compare.json")));
    assertThat(keys(document))
        .containsExactly("name", "seeds", "primary", "methods", "pairs", "verdict");
    assertThat(document.path("seeds").toString()).isEqualTo("[1,3]");
    assertThat(keys(document.path("methods")))
        .containsExactly(
            "teacher-only",
            "teacher-only-equal-compute@lot-paper",
            "teacher-only-equal-compute@lot-released",
            "lot-paper",
            "lot-released");
    JsonNode lot = document.path("methods").path("lot-paper");
    assertThat(keys(lot))
        .contains(
            "n",
            "failed",
            "diverged",
            "values",
            "mean",
            "iqm",
            "ci95",
            "flops",
            "wall_s",
            "teacher_updates",
            "student_updates",
            "students");
    assertThat(keys(lot.path("values"))).containsExactly("1", "3");
    assertThat(keys(lot.at("/students/student0"))).containsExactly("values", "mean");
    assertThat(document.path("pairs")).hasSize(10);
    assertThat(keys(document.path("pairs").get(0)))
        .containsExactly(
            "a",
            "b",
            "n",
            "difference",
            "ci95",
            "ci95_t",
            "ci95_bca",
            "probability_of_improvement",
            "probability_of_improvement_ci95",
            "sign_flip_p",
            "smallest_p",
            "p_holm",
            "p_holm_reason", // this pair is of two baselines
            "cohens_d",
            "cohens_dz",
            "cohens_dz_ci95");
    assertThat(document.path("verdict").asText()).contains("not resolved");
    assertThat(directory.resolve("both/report.html")).exists();
    assertThat(directory.resolve("both/report.md")).exists();
    assertThat(directory.resolve("both/runs/lot-paper-seed3/result.json")).exists();
  }

  @Test
  void seedsArePlannedFromAFinishedComparison() throws IOException, InterruptedException {
    Program.Ended ended = program.succeed("compare", "both", "--plan-seeds", "0.01", "--json");
    JsonNode plan = parsed(ended.out());
    assertThat(keys(plan)).containsExactly("name", "primary", "difference", "power", "pairs");
    assertThat(plan.path("pairs")).hasSize(2);
    assertThat(keys(plan.path("pairs").get(0)))
        .containsExactly(
            "a",
            "b",
            "pilot_n",
            "pilot_difference",
            "sd",
            "sd_ci95",
            "seeds",
            "seeds_low",
            "seeds_high",
            "n",
            "smallest_difference");
    assertThat(plan.path("pairs").get(0).path("n").asInt()).isEqualTo(2);
    assertThat(ended.err()).contains("seeds that see 1.00 percentage points of test accuracy");

    Program.Ended asText =
        program.succeed("compare", "digits", "--pilot", "both", "--plan-seeds", "0.01");
    assertThat(asText.out()).contains("lot-paper", "[95 % interval]", "at least");
    assertThat(asText.err()).isEmpty();
  }

  @Test
  void planHasTheKeysOfTheContractAndWhatTrainingMeasures()
      throws IOException, InterruptedException {
    Program.Ended ended = program.succeed(with("plan", "digits", "--json", "--no-timing"));
    JsonNode plan = parsed(ended.out());
    assertThat(keys(plan))
        .contains(
            "name", "teacher", "students", "methods", "estimated_seconds", "estimated_peak_bytes");
    assertThat(keys(plan.path("teacher")))
        .containsExactly("model", "parameters", "forward_flops_per_sample");
    assertThat(plan.at("/teacher/parameters").asLong()).isEqualTo(26_122);
    JsonNode measured = parsed(compared.out()).path("methods");
    for (String label : keys(plan.path("methods"))) {
      JsonNode planned = plan.path("methods").path(label);
      assertThat(keys(planned))
          .containsExactly("teacher_updates", "student_updates", "samples", "flops");
      assertThat(planned.path("flops").asDouble())
          .as(label)
          .isEqualTo(measured.path(label).path("flops").asDouble());
    }
    assertThat(ended.err()).contains("digits on digits");
  }

  @Test
  void planTimesAFewSteps() throws IOException, InterruptedException {
    JsonNode plan = parsed(program.succeed(with("plan", "digits", "--json")).out());
    assertThat(plan.path("estimated_seconds").asDouble()).isPositive();
    assertThat(plan.path("estimated_peak_bytes").asLong()).isPositive();
  }

  @Test
  void aFullSizePresetIsPlannedWithoutItsData() throws IOException, InterruptedException {
    Program.Ended ended = program.succeed("plan", "cifar100-preresnet20", "--no-timing", "--json");
    assertThat(ended.err()).contains("cifar100 is not here", "50000 training");
    JsonNode plan = parsed(ended.out());
    assertThat(plan.at("/teacher/parameters").asLong()).isEqualTo(278_132);
    assertThat(plan.at("/methods/teacher-only/teacher_updates").asLong()).isEqualTo(180 * 196);
  }

  @Test
  void evalGivesTheResultsNumbersAgain() throws IOException, InterruptedException {
    JsonNode result = parsed(trained.out());
    for (String of : List.of("run", "run/checkpoints/step-00000006.ckpt")) {
      JsonNode scores = parsed(program.succeed("eval", of, "--json").out());
      assertThat(scores.path("split").asText()).isEqualTo("test");
      assertThat(scores.path("learners")).isEqualTo(result.at("/splits/test"));
    }
    assertThat(program.succeed("eval", "run", "--split", "valid", "--student", "0").out())
        .startsWith("valid student0 loss ")
        .hasLineCount(1);
    assertThat(program.run("eval", "run", "--student", "1").refused(2).err())
        .contains("--student 1");
  }

  @Test
  void reportsAreWrittenAlsoOfCopies() throws IOException, InterruptedException {
    Path copy = directory.resolve("copy");
    Files.createDirectories(copy.resolve("mine"));
    for (String file : List.of("run.json", "result.json", "metrics.jsonl", "config.yaml")) {
      Files.copy(directory.resolve("run").resolve(file), copy.resolve("mine").resolve(file));
    }
    assertThat(program.succeed("report", "copy/mine", "both", "--to", "all.html").out())
        .isEqualTo("report: all.html\n");
    assertThat(Files.readString(directory.resolve("all.html")))
        .startsWith("<!DOCTYPE html>")
        .doesNotContain("<script src", "<link ")
        .contains("default-src 'none'");
    assertThat(program.succeed("report", "both", "--markdown").out()).contains("| lot-paper |");
    assertThat(program.succeed("report", "both", "--csv").out().lines()).hasSize(11);
  }

  @Test
  void presetsPrintTheirNameFirstAndReadBackAsTheyAre() throws IOException, InterruptedException {
    List<String> names =
        program
            .succeed("--quiet", "presets", "--no-color")
            .out()
            .lines()
            .map(line -> line.split(" ")[0])
            .toList();
    assertThat(names).contains("digits", "digits-unlabelled", "cifar100-preresnet20-small");
    String yaml = program.succeed("presets", "digits").out();
    Files.writeString(directory.resolve("printed.yaml"), yaml);
    assertThat(program.succeed("plan", "printed.yaml", "--no-timing", "--json").out())
        .isEqualTo(program.succeed("plan", "digits", "--no-timing", "--json").out());
  }

  @Test
  void zooNamesTheBuiltInMethodsAndLabels() throws IOException, InterruptedException {
    assertThat(program.succeed("zoo", "methods").out().lines().map(line -> line.split(" ")[0]))
        .contains(
            "teacher-only",
            "teacher-only-equal-compute",
            "teacher-only-equal-steps",
            "lot",
            "lot-paper",
            "lot-released");
  }

  @Test
  void doctorFindsThatTrainingCanWork() throws IOException, InterruptedException {
    assertThat(program.succeed("doctor").out()).contains("libtorch", "training can work");
  }

  @Test
  void aDivergedRunIs4AndInAComparisonAResult() throws IOException, InterruptedException {
    Program.Ended alone =
        program.run(with("train", "digits", "--out", "far", "--set", "optimizer.lr=1e30")).with(4);
    assertThat(alone.err()).contains("lot: step ", "not finite");
    JsonNode document =
        parsed(
            program
                .succeed(
                    with(
                        "compare",
                        "digits",
                        "--json",
                        "--out",
                        "fars",
                        "--set",
                        "seeds=[0]",
                        "--set",
                        "optimizer.lr=1e30"))
                .out());
    JsonNode lot = document.at("/methods/lot-paper");
    assertThat(lot.path("diverged").asInt()).isEqualTo(1);
    assertThat(lot.path("values").get("0").isNull()).isTrue();
    assertThat(lot.path("mean").isNull()).isTrue();
    assertThat(lot.path("mean_reason").isTextual()).isTrue();
  }
}
