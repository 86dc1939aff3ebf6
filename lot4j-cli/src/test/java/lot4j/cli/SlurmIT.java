package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps on a real Slurm: what is stopped or killed there ends in the bits of a sweep here. */
@Tag("slow")
class SlurmIT {
  @TempDir static Path directory;
  private static SlurmCluster cluster;
  private static Program program;

  @BeforeAll
  static void sweepHere() throws IOException, InterruptedException {
    cluster = SlurmCluster.start(Files.createDirectories(directory.resolve("cluster")));
    SmallRuns.write(directory, 150);
    program = Program.in(directory).with(cluster.environment());
    program.run(asked("unbroken")).with(0);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String[] asked(String out, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("sweep", "small.yaml", "--grid", "lot.alpha=0.5,2", "--seeds", "0"));
    all.addAll(List.of("--out", out));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void begun(Program.Running running, String out, String trial) throws Exception {
    RunFolder run = run(out, trial);
    running.until(() -> run.latestStep() >= 3);
    assertThat(running.process().isAlive()).isTrue();
  }

  private static RunFolder run(String out, String trial) {
    return new RunFolder(directory.resolve(out + "/trials/" + trial + "/runs/lot-seed0"));
  }

  private static String log(String out, String file) throws IOException {
    return Files.readString(directory.resolve(out).resolve("slurm").resolve(file));
  }

  private static String job(String out) throws IOException {
    return RunFolder.json(directory.resolve(out + "/slurm/1.json")).path("job").asText();
  }

  /** The processes of this cluster's tasks, by their command line. */
  private static List<ProcessHandle> processes(Predicate<String> command) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().filter(command).isPresent())
        .toList();
  }

  @Test
  void aKilledAndARequeuedTaskGoOnAndEndInTheSameBits() throws Exception {
    String out = "killed it's 100%a";
    Program.Running running = program.start(asked(out, "--on", "slurm"));
    begun(running, out, "t0");
    // The program alone, as for want of memory: its script has the task begin again.
    String word = out + "/trials/t0/runs";
    List<ProcessHandle> killed = processes(line -> line.contains("lot4j.cli.Main resume " + word));
    assertThat(killed).hasSize(1);
    killed.get(0).destroyForcibly();
    begun(running, out, "t1");
    cluster.ask("scontrol", "requeue", job(out) + "_1");
    running.end().with(0);

    assertThat(log(out, "1-0.log")).contains("lot: stopped with exit code 137; the task begins");
    SweepTest.equal(directory, out);
  }

  @Test
  void beforeItsTimeLimitATaskWritesACheckpointAndBeginsAgain() throws Exception {
    Program.Running running = program.start(asked("limited", "--on", "slurm", "--time", "5"));
    begun(running, "limited", "t0");
    // What Slurm sends a minute before the limit, to the script alone.
    cluster.ask("scancel", "--batch", "--signal=USR1", job("limited") + "_0");
    running.end().with(0);

    assertThat(log("limited", "1-0.log"))
        .contains("lot: interrupted at step")
        .contains("lot: stopped with exit code 130; the task begins again");
    SweepTest.equal(directory, "limited");
  }

  @Test
  void aTaskWhoseScriptIsKilledIsSubmittedAgain() throws Exception {
    Program.Running running = program.start(asked("lost", "--on", "slurm", "--jobs", "1"));
    begun(running, "lost", "t0");
    // The script alone, whose end Slurm takes for the task's: nobody is left to requeue it.
    List<ProcessHandle> scripts =
        processes(line -> line.contains(directory.toString()) && line.contains("slurm_script"));
    assertThat(scripts).hasSize(1);
    scripts.get(0).destroyForcibly();
    Program.Ended ended = running.end().with(0);

    assertThat(ended.err()).containsPattern("task \\d+_0 ended: FAILED; submitted again");
    // Where Slurm leaves the program alone, the new task waits for its end.
    assertThat(log("lost", "2-0.log")).contains("lost/trials/t0/runs/lot-seed0");
    SweepTest.equal(directory, "lost");
  }

  @Test
  void aCancelledTaskWritesACheckpointAndStaysAway() throws Exception {
    Program.Running running = program.start(asked("cancelled", "--on", "slurm"));
    begun(running, "cancelled", "t0");
    begun(running, "cancelled", "t1");
    cluster.ask("scancel", job("cancelled"));
    assertThat(running.end().with(130).err()).contains("lot: cancelled: ");

    assertThat(run("cancelled", "t0").status()).isEqualTo("interrupted");
    program.succeed("resume", "cancelled");
    SweepTest.equal(directory, "cancelled");
  }

  @Test
  void jobsOutliveTheCommandAndAreGatheredLater() throws Exception {
    program.succeed(asked("later", "--on", "slurm", "--no-wait", "--runs-per-task", "2"));
    Program.Ended ended = program.succeed("resume", "later");

    assertThat(ended.err()).contains("2 runs in the queue");
    assertThat(directory.resolve("later/slurm/2.json")).doesNotExist();
    SweepTest.equal(directory, "later");
  }

  @Test
  void whatSlurmNeverTakesIsRefusedBeforeAnythingIsWritten() throws Exception {
    assertThat(program.run(asked("no", "--on", "slurm", "--partition", "nope")).refused(2).err())
        .contains("lot: sbatch: invalid partition specified: nope");
    assertThat(directory.resolve("no")).doesNotExist();
  }
}
