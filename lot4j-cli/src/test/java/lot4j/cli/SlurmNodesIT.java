package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Slurm with two nodes, both on this machine: one training over both by the script of {@code
 * docs/distributed.md}, a sweep, and nodes that lose their power meanwhile.
 */
@Tag("slow")
class SlurmNodesIT {
  private static final String FIRST = "localhost";

  @TempDir static Path directory;
  private static SlurmCluster cluster;
  private static Program program;

  @BeforeAll
  static void begin() throws IOException, InterruptedException {
    cluster = SlurmCluster.startTwo(Files.createDirectories(directory.resolve("cluster")));
    SmallRuns.write(directory, 150);
    program = Program.in(directory).with(cluster.environment());
    // ./lot of the documents: the words that start this program.
    program
        .through(
            "{ printf '#!/bin/bash\\nexec'; printf ' %q' \"$0\" \"$@\"; printf ' \"$@\"\\n'; } > lot"
                + " && chmod +x lot")
        .run()
        .with(0);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** The script as it is documented, but for what belongs to one cluster or one run. */
  private static String script(String out) throws IOException {
    String documented =
        Documents.here().blocks("docs/distributed.md").stream()
            .map(Documents.Block::code)
            .filter(code -> code.contains("#SBATCH"))
            .findFirst()
            .orElseThrow();
    String port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = Integer.toString(socket.getLocalPort());
    }
    return replaced(documented, "29500", port)
        .replace("cifar100-preresnet20", "small.yaml")
        .replace("/shared/runs/both", out)
        .replace("--cpus-per-task=16", "--cpus-per-task=1");
  }

  private static String replaced(String text, String what, String by) {
    assertThat(text).contains(what);
    return text.replace(what, by);
  }

  private static String submitted(String out) throws IOException, InterruptedException {
    Files.writeString(directory.resolve(out + ".sh"), script(out));
    return program
        .through("sbatch --parsable --output=" + out + ".log " + out + ".sh")
        .run()
        .with(0)
        .out()
        .strip();
  }

  private static boolean ended(String job) {
    return cluster.ask("scontrol", "show", "job", job).matches("(?s).*JobState=(COMPLETED|FAILED|CANCELLED|NODE_FAIL).*");
  }

  private static RunFolder run(String out) {
    return new RunFolder(directory.resolve(out));
  }

  @Test
  void aTrainingOverTwoNodesThatLosesOneGoesOnWhenItIsBack() throws Exception {
    program.succeed("launch", "--workers", "2", "--", "train", "small.yaml", "--out", "launched");

    String job = submitted("both");
    cluster.until("a checkpoint", () -> run("both").latestStep() >= 3 || ended(job));
    String nodes = cluster.ask("squeue", "--noheader", "--jobs", job, "-o", "%D");
    assertThat(nodes.strip()).isEqualTo("2");
    String second = cluster.ask("hostname", "-s").strip();
    cluster.cut(second);
    cluster.until("the job to wait", () -> log("both").contains("rank 1 is gone"));
    cluster.node(second);
    cluster.until("the job's end", () -> ended(job));

    assertThat(run("both").status()).as(log("both")).isEqualTo("done");
    run("both").equalTo(run("launched"));
  }

  private static String log(String out) {
    try {
      return Files.readString(directory.resolve(out + ".log"));
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void aSweepGoesOnWhereANodeIsLeft() throws Exception {
    String[] asked = {"sweep", "small.yaml", "--grid", "lot.alpha=0.5,2", "--seeds", "0", "--out"};
    program.succeed(to(asked, "unbroken"));
    Program.Running running = program.start(to(asked, "cut", "--on", "slurm"));
    RunFolder first = run("cut/trials/t0/runs/lot-seed0");
    RunFolder other = run("cut/trials/t1/runs/lot-seed0");
    running.until(() -> first.latestStep() >= 3 && other.latestStep() >= 3);
    assertThat(running.process().isAlive()).isTrue();
    cluster.cut(FIRST);
    try {
      running.end().with(0);
    } finally {
      cluster.node(FIRST);
    }

    SweepTest.equal(directory, "cut");
  }

  private static String[] to(String[] command, String... more) {
    java.util.List<String> all = new java.util.ArrayList<>(java.util.List.of(command));
    all.addAll(java.util.List.of(more));
    return all.toArray(String[]::new);
  }
}
