package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lot4j.testkit.MlflowStandIn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real command with a server beside it. */
class MlflowTest {
  @TempDir Path directory;
  private Program program;

  @BeforeEach
  void small() throws IOException {
    SmallRuns.write(directory, 30);
    program = Program.in(directory);
  }

  private static List<JsonNode> bodies(MlflowStandIn server, String call) throws IOException {
    List<JsonNode> bodies = new ArrayList<>();
    for (MlflowStandIn.Call made : server.calls()) {
      if (made.call().equals(call)) {
        bodies.add(new ObjectMapper().readTree(made.body()));
      }
    }
    return bodies;
  }

  @Test
  void reportingChangesNoBitAndStoppingGoesOnWithTheSameRun()
      throws IOException, InterruptedException {
    program.succeed("train", "small.yaml", "--out", "alone");
    try (MlflowStandIn server = MlflowStandIn.start()) {
      Program.Running running =
          program.start("train", "small.yaml", "--out", "told", "--mlflow", server.url());
      RunFolder told = new RunFolder(directory.resolve("told"));
      running.until(() -> told.latestStep() >= 3);
      running.terminate();
      program.run("resume", "told").with(0);

      List<JsonNode> created = bodies(server, "POST runs/create");
      assertThat(created).hasSize(1);
      assertThat(created.get(0).path("run_name").asText()).isEqualTo("small/lot-seed0");
      List<JsonNode> updates = bodies(server, "POST runs/update");
      assertThat(updates.get(updates.size() - 1).path("status").asText()).isEqualTo("FINISHED");
      List<String> params = new ArrayList<>();
      List<String> metrics = new ArrayList<>();
      for (JsonNode body : bodies(server, "POST runs/log-batch")) {
        body.path("params").forEach(p -> params.add(p.path("key").asText()));
        body.path("metrics")
            .forEach(m -> metrics.add(m.path("key").asText() + "@" + m.path("step").asLong()));
      }
      assertThat(params)
          .contains("batch-size", "lot.alpha", "optimizer.kind")
          .doesNotHaveDuplicates();
      assertThat(metrics)
          .contains("train/teacher/loss@7", "valid/teacher/accuracy@30", "test/teacher/accuracy@30")
          .doesNotHaveDuplicates();
    }
    Files.delete(directory.resolve("told/mlflow.json"));
    new RunFolder(directory.resolve("told")).equalTo(new RunFolder(directory.resolve("alone")));
  }

  @Test
  void aServerThatIsGoneIsAWarning() throws IOException, InterruptedException {
    String url;
    try (MlflowStandIn server = MlflowStandIn.start()) {
      url = server.url();
    }
    Program.Ended ended = program.succeed("train", "small.yaml", "--out", "run", "--mlflow", url);
    assertThat(ended.err()).contains("lot: mlflow: " + url, "what is missing there is in metrics");
    assertThat(new RunFolder(directory.resolve("run")).status()).isEqualTo("done");
  }

  @Test
  void everyRunOfAComparisonIsReported() throws IOException, InterruptedException {
    try (MlflowStandIn server = MlflowStandIn.start()) {
      program.succeed(
          "compare",
          "small.yaml",
          "--out",
          "both",
          "--jobs",
          "2",
          "--mlflow",
          server.url(),
          "--mlflow-experiment",
          "mine");
      assertThat(bodies(server, "POST experiments/create").get(0).path("name").asText())
          .isEqualTo("mine");
      assertThat(bodies(server, "POST runs/create"))
          .extracting(body -> body.path("run_name").asText())
          .containsExactlyInAnyOrder(
              "small/teacher-only-seed0",
              "small/teacher-only-seed1",
              "small/teacher-only-equal-compute-seed0",
              "small/teacher-only-equal-compute-seed1",
              "small/lot-paper-seed0",
              "small/lot-paper-seed1");
      assertThat(bodies(server, "POST runs/update")).hasSize(6);
    }
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnything() throws IOException, InterruptedException {
    assertThat(
            program
                .run("train", "small.yaml", "--mlflow", "ftp://x", "--out", "run")
                .refused(2)
                .err())
        .startsWith("lot: --mlflow: ftp://x is not allowed");
    assertThat(program.run("compare", "small.yaml", "--mlflow-experiment", "x").refused(2).err())
        .isEqualTo("lot: --mlflow-experiment is not allowed without --mlflow\n");
    assertThat(directory.resolve("run")).doesNotExist();
  }
}
