package lot4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path folder;
  private Path run;

  @BeforeEach
  void writeOneRun() {
    SyntheticRuns runs = new SyntheticRuns(folder);
    runs.run("lot-paper", "lot", 3, "done", 4e9, 0.91);
    run = runs.directory("lot-paper", 3);
  }

  @Test
  void readsAFinishedRun() {
    RunDirectory read = RunDirectory.read(run);
    assertThat(read.label()).isEqualTo("lot-paper");
    assertThat(read.method()).isEqualTo("lot");
    assertThat(read.seed()).isEqualTo(3);
    assertThat(read.status()).isEqualTo(Status.DONE);
    assertThat(read.data()).isEqualTo("digits");
    assertThat(read.config()).isEqualTo("name: synthetic\nmethod: lot\n");
    assertThat(read.value()).hasValue(0.91);
    FinalResult result = read.result().orElseThrow();
    assertThat(result.primary()).isEqualTo(new Metric("accuracy", "test", true));
    assertThat(result.of("student0")).hasValue(0.91 - 0.01);
    assertThat(result.teacherUpdates()).hasValue(600);
  }

  @Test
  void readsEveryMetricLine() {
    assertThat(RunDirectory.read(run).metrics()).hasSize(40);
    MetricLine first = RunDirectory.read(run).metrics().get(0);
    assertThat(first.step()).isEqualTo(30);
    assertThat(first.split()).isEqualTo("train");
    assertThat(first.number("flops")).hasValue(2e8);
    assertThat(first.number("teacher/accuracy")).isEmpty();
  }

  @Test
  void leavesOutALastLineCutShort() throws IOException {
    for (String tail : new String[] {"{\"step\":5", "{\"step\":5,\"x\":{\"y\":1}", "{", "\u00e9"}) {
      String lines = "{\"step\":1,\"split\":\"valid\",\"teacher/loss\":null}\n" + tail;
      Files.writeString(run.resolve("metrics.jsonl"), lines);
      assertThat(RunDirectory.read(run).metrics()).hasSize(1);
    }
  }

  @Test
  void keepsACompleteLastLineWithoutLineEnd() throws IOException {
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"split\":\"valid\"}");
    assertThat(RunDirectory.read(run).metrics()).hasSize(1);
  }

  @Test
  void namesADamagedLineInTheMiddle() throws IOException {
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"step\":1,\"split\":\"valid\"}\n{\"st\n{}\n");
    assertThatThrownBy(() -> RunDirectory.read(run))
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("metrics.jsonl: line 2: damaged JSON")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aRunWithoutMetricsHasNone() throws IOException {
    Files.delete(run.resolve("metrics.jsonl"));
    assertThat(RunDirectory.read(run).metrics()).isEmpty();
  }

  @Test
  void runsThatAreNotDoneHaveNoResult() {
    for (String status : new String[] {"running", "interrupted", "failed", "diverged"}) {
      SyntheticRuns runs = new SyntheticRuns(folder.resolve(status));
      runs.run("lot", "lot", 0, status, 1e9, 0.5);
      RunDirectory read = RunDirectory.read(runs.directory("lot", 0));
      assertThat(read.status().word()).isEqualTo(status);
      assertThat(read.result()).isEmpty();
      assertThat(read.value()).isEmpty();
    }
  }

  @Test
  void namesAMissingResultOfAFinishedRun() throws IOException {
    Files.delete(run.resolve("result.json"));
    assertThatThrownBy(() -> RunDirectory.read(run))
        .isInstanceOf(ReportException.class)
        .hasMessageEndingWith("result.json: no such file, though run.json says the run is done");
  }

  @Test
  void namesATruncatedRunFile() throws IOException {
    Files.writeString(run.resolve("run.json"), "{\"label\": \"x\"");
    assertThatThrownBy(() -> RunDirectory.read(run))
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("run.json: damaged JSON");
  }

  @Test
  void namesAWrongKey() throws IOException {
    Files.writeString(
        run.resolve("run.json"), "{\"method\":\"lot\",\"seed\":\"a\",\"status\":\"done\"}");
    assertThatThrownBy(() -> RunDirectory.read(run))
        .hasMessageEndingWith("run.json: seed = \"a\" is not allowed; a whole number");
  }

  @Test
  void namesAnUnknownStatus() throws IOException {
    Files.writeString(
        run.resolve("run.json"), "{\"method\":\"lot\",\"seed\":1,\"status\":\"fine\"}");
    assertThatThrownBy(() -> RunDirectory.read(run))
        .hasMessageContaining("run.json: status = fine is not allowed; one of [running,");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    Files.write(
        run.resolve("config.yaml"), new byte[] {'a', (byte) 0xff}, StandardOpenOption.WRITE);
    assertThatThrownBy(() -> RunDirectory.read(run))
        .hasMessageEndingWith("config.yaml: not UTF-8 text");
  }

  @Test
  void refusesADirectoryThatIsNoRun() {
    assertThatThrownBy(() -> RunDirectory.read(folder)).hasMessageEndingWith("no run.json in it");
    assertThatThrownBy(() -> RunDirectory.read(folder.resolve("absent")))
        .hasMessageEndingWith("no such directory");
  }

  @Test
  void controlCharactersOfAFileNeverReachTheMessage() throws IOException {
    Files.writeString(
        run.resolve("run.json"),
        "{\"method\":\"lot\",\"seed\":1,\"status\":\"\\u001b[31mred\\nlot: fake\"}");
    assertThatThrownBy(() -> RunDirectory.read(run))
        .hasMessageContaining("\\u001b[31mred\\nlot: fake")
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining("\u001b");
  }
}
