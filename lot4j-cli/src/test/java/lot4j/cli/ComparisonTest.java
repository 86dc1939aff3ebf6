package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons: jobs, stops, workers that die. */
class ComparisonTest {
  @TempDir static Path directory;
  private static Program program;

  @BeforeAll
  static void compareOneAtATime() throws IOException, InterruptedException {
    SmallRuns.write(directory, 60);
    program = Program.in(directory);
    program.succeed("compare", "small.yaml", "--jobs", "1", "--out", "unbroken");
  }

  private static Program.Running begin(String name) throws IOException {
    return program.start("compare", "small.yaml", "--jobs", "2", "--out", name);
  }

  private static RunFolder run(String name, String label) {
    return new RunFolder(directory.resolve(name).resolve("runs").resolve(label));
  }

  static void equalToUnbroken(Path root, String name) throws IOException {
    assertThat(numbers(root.resolve(name))).isEqualTo(numbers(root.resolve("unbroken")));
    for (String label :
        new String[] {
          "teacher-only-seed0",
          "teacher-only-seed1",
          "teacher-only-equal-compute-seed0",
          "teacher-only-equal-compute-seed1",
          "lot-paper-seed0",
          "lot-paper-seed1"
        }) {
      new RunFolder(root.resolve(name).resolve("runs").resolve(label))
          .equalTo(new RunFolder(root.resolve("unbroken").resolve("runs").resolve(label)));
    }
  }

  /** compare.json without times. */
  private static JsonNode numbers(Path comparison) throws IOException {
    JsonNode document = RunFolder.json(comparison.resolve("compare.json"));
    document
        .path("methods")
        .forEach(
            method -> ((com.fasterxml.jackson.databind.node.ObjectNode) method).remove("wall_s"));
    return document;
  }

  @Test
  void twoJobsGiveTheSameBitsAsOne() throws IOException, InterruptedException {
    begin("two").end().with(0);
    equalToUnbroken(directory, "two");
  }

  @Test
  void sigtermStopsTheWorkersAndResumeGoesOn() throws IOException, InterruptedException {
    Program.Running running = begin("terminated");
    running.until(() -> run("terminated", "teacher-only-equal-compute-seed0").latestStep() >= 3);
    Map<Long, ProcessHandle> workers = workers(running);
    Program.Ended ended = running.terminate().with(130);

    assertThat(workers).isNotEmpty();
    assertThat(workers.values()).noneMatch(ProcessHandle::isAlive);
    assertThat(ended.err()).contains("lot resume terminated");
    program.succeed("resume", "terminated");
    equalToUnbroken(directory, "terminated");
  }

  @Test
  void aKilledWorkerIsAFailedRunAndTheRestIsFinished() throws IOException, InterruptedException {
    Program.Running running = begin("worker");
    RunFolder hit = run("worker", "teacher-only-equal-compute-seed0");
    running.until(() -> hit.latestStep() >= 3);
    workers(running).values().forEach(ProcessHandle::destroyForcibly);
    Program.Ended ended = running.end().with(1);

    assertThat(ended.err()).contains("lot: ", "-seed0: failed: the worker process ended");
    assertThat(run("worker", "lot-paper-seed1").status()).isEqualTo("done");
    JsonNode methods = RunFolder.json(directory.resolve("worker/compare.json")).path("methods");
    int failed = 0;
    for (JsonNode method : methods) {
      failed += method.path("failed").asInt();
    }
    assertThat(failed).isBetween(1, 2);

    program.succeed("resume", "worker");
    equalToUnbroken(directory, "worker");
  }

  static Map<Long, ProcessHandle> workers(Program.Running running) {
    Map<Long, ProcessHandle> workers = new TreeMap<>();
    try (Stream<ProcessHandle> all = running.process().descendants()) {
      all.forEach(handle -> workers.put(handle.pid(), handle));
    }
    return workers;
  }

  @Test
  void aFinishedComparisonSaysSo() throws IOException, InterruptedException {
    Program.Ended ended = program.succeed("resume", "unbroken", "--json");
    assertThat(ended.err()).contains("unbroken: finished; nothing to do");
    assertThat(ended.out()).startsWith("{").endsWith("}\n");
  }

  @Test
  void aSecondProcessIsRefused() throws IOException, InterruptedException {
    Program.Running first = begin("twice");
    first.until(() -> run("twice", "teacher-only-seed0").latestStep() >= 0);
    Program.Ended second = program.run("resume", "twice").refused(2);
    assertThat(second.err()).contains("in use by another process");
    program.run("compare", "small.yaml", "--force", "--out", "twice").refused(2);
    first.end().with(0);
    equalToUnbroken(directory, "twice");
  }
}
