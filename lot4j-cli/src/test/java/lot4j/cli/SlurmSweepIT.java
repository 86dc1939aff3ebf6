package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sweeps on a cluster whose commands are shell scripts of this test: sbatch runs an array's tasks
 * one after the other, or notes the state that a test wants. With a real one: {@link SlurmIT}.
 */
@Tag("slow")
class SlurmSweepIT {
  private static final String SBATCH =
      """
      #!/bin/bash
      # $FAKE/refuse: what --test-only says; $FAKE/full: what a submission says;
      # $FAKE/<job>: state|status|reason of all tasks of that job, which do nothing then.
      case " $* " in
      *" --test-only "*) [ ! -e "$FAKE/refuse" ] || { cat "$FAKE/refuse" >&2; exit 1; }; exit 0 ;;
      esac
      [ ! -e "$FAKE/full" ] || { cat "$FAKE/full" >&2; exit 1; }
      job=$(($(cat "$FAKE/last" 2>/dev/null || echo 100) + 1))
      echo $job > "$FAKE/last"
      script=${!#}
      number=$(basename "$script" .sh)
      last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$script")
      for task in $(seq 0 "$last"); do
        if [ -e "$FAKE/$job" ]; then
          echo "$job|$task|$(cat "$FAKE/$job")" >> "$FAKE/queue"
          echo "lot: the disk is full" > "$(dirname "$script")/$number-$task.log"
        else
          SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$task bash "$script" \\
            > "$(dirname "$script")/$number-$task.log" 2>&1
          code=$?
          state=COMPLETED
          [ $code = 0 ] || state=FAILED
          echo "$job|$task|$state|$((code * 256))|None" >> "$FAKE/queue"
        fi
      done
      echo $job
      """;

  private static final String SQUEUE =
      """
      #!/bin/bash
      touch "$FAKE/asked"
      [ ! -e "$FAKE/silent" ] || { echo 'slurm_load_jobs error: Unable to contact' >&2; exit 1; }
      cat "$FAKE/queue"
      """;

  @TempDir static Path directory;
  @AutoClose private static Program local;

  @BeforeAll
  static void sweepHere() throws IOException, InterruptedException {
    SmallRuns.write(directory, 6);
    local = Program.in(directory).together();
    local.run(asked("--out", "unbroken")).with(0);
  }

  private static String[] asked(String... more) {
    List<String> all =
        new ArrayList<>(List.of("sweep", "small.yaml", "--grid", "lot.alpha=0.5,2", "--jobs", "1"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static String[] onSlurm(String out, String... more) {
    List<String> all = new ArrayList<>(List.of("--on", "slurm", "--seeds", "0", "--out", out));
    all.addAll(List.of(more));
    return asked(all.toArray(String[]::new));
  }

  /** The program on a cluster of its own, with what a test wants of it by file name. */
  private static Program cluster(String name, Map<String, String> wanted) throws IOException {
    Path fake = Files.createDirectories(directory.resolve("cluster-" + name));
    for (var tool : Map.of("sbatch", SBATCH, "squeue", SQUEUE).entrySet()) {
      Files.writeString(fake.resolve(tool.getKey()), tool.getValue());
      assertThat(fake.resolve(tool.getKey()).toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(fake.resolve("queue"), "");
    for (var file : wanted.entrySet()) {
      Files.writeString(fake.resolve(file.getKey()), file.getValue());
    }
    return local.with(Map.of("PATH", fake + ":" + System.getenv("PATH"), "FAKE", fake.toString()));
  }

  private static JsonNode sweep(String name) throws IOException {
    return SweepTest.sweep(directory.resolve(name));
  }

  @Test
  void tasksOfSeveralRunsGiveTheBitsOfWorkersHere() throws IOException, InterruptedException {
    Program.Ended ended =
        cluster("several", Map.of())
            .run(asked("--on", "slurm", "--runs-per-task", "3", "--out", "several it's"))
            .with(0);

    assertThat(ended.err()).contains("job 101: 2 tasks for 4 runs");
    SweepTest.equal(directory, "several it's");
    assertThat(directory.resolve("several it's/report.html")).exists();
  }

  @Test
  void aTaskThatItsNodeTookDownIsSubmittedAgain() throws IOException, InterruptedException {
    Program.Ended ended =
        cluster("down", Map.of("101", "NODE_FAIL|0|NodeDown")).run(onSlurm("down")).with(0);

    assertThat(ended.err())
        .contains("lot: task 101_0 ended: NODE_FAIL; submitted again")
        .contains("job 102: 2 tasks for 2 runs");
    assertThat(sweep("down").path("status").asText()).isEqualTo("done");
  }

  @Test
  void aTaskThatNeverEndsWellIsAFailedRun() throws IOException, InterruptedException {
    Program program =
        cluster(
            "never",
            Map.of(
                "101", "NODE_FAIL|0|NodeDown",
                "102", "TIMEOUT|0|TimeLimit",
                "103", "FAILED|768|NonZeroExitCode"));
    Program.Ended ended = program.run(onSlurm("never", "--restarts", "1")).with(1);

    assertThat(ended.err()).contains("task 102_0 ended: TIMEOUT; submitted 2 times");
    assertThat(sweep("never").path("status").asText()).isEqualTo("failed");
    assertThat(sweep("never").path("trials").path(0).path("status").asText()).isEqualTo("failed");

    assertThat(program.run("resume", "never").with(1).err())
        .contains("lot-seed0: failed: the disk is full; task 103_0, slurm/3-0.log");
    program.succeed("resume", "never");
    assertThat(sweep("never").path("status").asText()).isEqualTo("done");
  }

  @Test
  void whatIsCancelledIsNotSubmittedAgainUnlessAsked() throws IOException, InterruptedException {
    Program program = cluster("cancelled", Map.of("101", "CANCELLED|0|None"));
    Program.Ended ended = program.run(onSlurm("cancelled")).with(130);

    assertThat(ended.err())
        .contains("lot: cancelled: 101_0, 101_1; to go on: lot resume cancelled");
    assertThat(sweep("cancelled").path("status").asText()).isEqualTo("interrupted");
    assertThat(program.succeed("resume", "cancelled").err()).contains("job 102: 2 tasks");
  }

  @Test
  void whatSlurmRefusesIsRefusedBeforeAnythingIsWritten() throws IOException, InterruptedException {
    Program.Ended ended =
        cluster("refusing", Map.of("refuse", "sbatch: error: invalid partition specified: x\n"))
            .run(onSlurm("refused", "--partition", "x"))
            .refused(2);
    assertThat(ended.err()).isEqualTo("lot: sbatch: invalid partition specified: x\n");
    assertThat(local.with(Map.of("PATH", "/nowhere")).run(onSlurm("refused")).refused(2).err())
        .isEqualTo("lot: sbatch: cannot be called: Slurm's commands have to be on the PATH\n");
    assertThat(local.run(onSlurm("refused", "--sbatch", "array=0-9")).refused(2).err())
        .isEqualTo("lot: --sbatch array=0-9: array is not allowed; lot sets it\n");
    assertThat(local.run(asked("--time", "1", "--out", "refused")).refused(2).err())
        .isEqualTo("lot: --time is not allowed without --on slurm\n");
    assertThat(
            cluster("small", Map.of())
                .run(onSlurm("refused", "--cpus", "1", "--threads", "2"))
                .refused(2)
                .err())
        .isEqualTo("lot: --cpus 1 is not allowed; a run has 2 threads\n");
    assertThat(directory.resolve("refused")).doesNotExist();
  }

  @Test
  void aSubmissionThatIsRefusedCanBeTriedAgain() throws IOException, InterruptedException {
    Program.Ended ended =
        cluster("full", Map.of("full", "sbatch: error: Job violates accounting/QOS policy\n"))
            .run(onSlurm("full"))
            .with(1);
    assertThat(ended.err())
        .contains(
            "lot: sbatch: Job violates accounting/QOS policy; to try again: lot resume full\n");
    assertThat(sweep("full").path("status").asText()).isEqualTo("interrupted");
  }

  @Test
  void jobsGoOnWithoutTheCommandAndAreGatheredLater() throws IOException, InterruptedException {
    Program program = cluster("later", Map.of("101", "PENDING|0|JobHeldUser"));
    Path fake = directory.resolve("cluster-later");
    assertThat(program.succeed(onSlurm("later", "--no-wait")).out())
        .isEqualTo("2 runs in the queue, job 101; to wait and gather: lot resume later\n");

    Files.deleteIfExists(fake.resolve("asked"));
    Program.Running running = program.start("resume", "later");
    // Asked when it begins, and while it waits.
    running.until(() -> Files.exists(fake.resolve("asked")));
    Files.delete(fake.resolve("asked"));
    running.until(() -> Files.exists(fake.resolve("asked")));
    assertThat(running.terminate().with(130).err())
        .contains("job 101: 2 runs in the queue")
        .contains("lot: job 101 waits: JobHeldUser")
        .contains(
            "lot: interrupted; job 101 goes on; to wait for it and gather: lot resume later;"
                + " to cancel it: scancel 101");
    assertThat(sweep("later").path("status").asText()).isEqualTo("running");

    String here = "is not allowed; job 101 of later is in the queue: scancel 101\n";
    assertThat(program.run(onSlurm("later", "--force")).with(2).err()).endsWith("--force " + here);
    assertThat(program.run("resume", "later", "--on", "local").refused(2).err())
        .isEqualTo("lot: --on local " + here);

    // Gone from the queue after a cancellation: whoever asks for it trains the rest here.
    Files.writeString(fake.resolve("queue"), "");
    program.succeed("resume", "later", "--on", "local");
    assertThat(sweep("later").path("status").asText()).isEqualTo("done");
    assertThat(Files.readString(directory.resolve("later/sweep-request.json")))
        .doesNotContain("slurm");
  }

  @Test
  void eachRoundOfHalvingIsAnArray() throws IOException, InterruptedException {
    String[] halved = {"--halving", "--eta", "2", "--seeds", "0", "--set", "eval-every=3"};
    List<String> here = new ArrayList<>(List.of(halved));
    here.addAll(List.of("--out", "halved-here"));
    local.run(asked(here.toArray(String[]::new))).with(0);
    List<String> there = new ArrayList<>(List.of(halved));
    there.addAll(List.of("--out", "halved-there", "--on", "slurm"));
    Program.Ended ended =
        cluster("halving", Map.of()).run(asked(there.toArray(String[]::new))).with(0);

    assertThat(ended.err())
        .contains("job 101: 2 tasks for 2 runs")
        .contains("job 102: 1 task for 1 run;");
    assertThat(sweep("halved-there")).isEqualTo(sweep("halved-here"));
  }

  @Test
  void aPreparedSweepIsTrainedRunByRunAndGathered() throws IOException, InterruptedException {
    Program.Ended ended = local.succeed(asked("--prepare", "--out", "prepared"));
    assertThat(ended.out())
        .isEqualTo(
            "4 runs to train, one a line in prepared/runs.txt: lot resume prepared/RUN each; then"
                + " lot resume prepared\n");
    List<String> command = new ArrayList<>(List.of("resume"));
    for (String run : Files.readAllLines(directory.resolve("prepared/runs.txt"))) {
      command.add("prepared/" + run);
    }
    assertThat(command).hasSize(5);
    local.succeed(command.toArray(String[]::new));
    assertThat(local.succeed("resume", "prepared").err()).contains("nothing to do");
    SweepTest.equal(directory, "prepared");
  }
}
