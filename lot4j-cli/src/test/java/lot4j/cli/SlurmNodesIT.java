package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real Slurm with two nodes, both on this machine: one training over both by the script of {@code
 * docs/distributed.md}, a sweep, and nodes that lose their power meanwhile.
 */
@Tag("slow")
class SlurmNodesIT {
  private static final String ONE = "localhost";

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
    program.succeed("launch", "--workers", "2", "--", "train", "small.yaml", "--out", "launched");
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
    return Pattern.compile("JobState=(COMPLETED|FAILED|CANCELLED|NODE_FAIL)")
        .matcher(cluster.ask("scontrol", "show", "job", job))
        .find();
  }

  private static RunFolder run(String out) {
    return new RunFolder(directory.resolve(out));
  }

  /**
   * The first node is the script's own; of another Slurm says nothing to the script, though the
   * ranks do, until it finds out. Where a rank alone is lost the script asks to begin again.
   */
  @ParameterizedTest
  @ValueSource(strings = {"first node", "second node", "rank"})
  void aTrainingOverTwoNodesGoesOnAfterALoss(String lost) throws Exception {
    String out = lost.replace(' ', '-');
    String job = submitted(out);
    cluster.until("a checkpoint", () -> run(out).latestStep() >= 3 || ended(job));
    assertThat(ended(job)).as(log(out)).isFalse();
    String list = cluster.ask("squeue", "--noheader", "--jobs", job, "-o", "%N").strip();
    List<String> nodes = cluster.ask("scontrol", "show", "hostnames", list).lines().toList();
    assertThat(nodes).hasSize(2);
    if (lost.equals("rank")) {
      cluster.processes("RANK=1").forEach(ProcessHandle::destroyForcibly);
    } else {
      String node = nodes.get(lost.equals("first node") ? 0 : 1);
      cluster.cut(node);
      if (lost.equals("second node")) {
        cluster.until("a word of it", () -> log(out).contains("rank 1 is gone") || ended(job));
      }
      cluster.down(node);
      cluster.node(node);
    }
    cluster.until("the job's end", () -> ended(job));

    assertThat(run(out).status()).as(log(out)).isEqualTo("done");
    run(out).equalTo(run("launched"));
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
    cluster.cut(ONE);
    cluster.down(ONE);
    try {
      running.end().with(0);
    } finally {
      cluster.node(ONE);
    }

    SweepTest.equal(directory, "cut");
  }

  private static String[] to(String[] command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
