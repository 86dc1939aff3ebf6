package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lot4j.checkpoint.DirectoryLock;
import lot4j.testkit.Damage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are stopped in every way and go on to the same bits. */
class ResumeTest {
  @TempDir static Path directory;
  private static Program program;
  private static RunFolder unbroken;

  @BeforeAll
  static void trainsOnceWithoutAStop() throws IOException, InterruptedException {
    SmallRuns.write(directory, 120);
    program = Program.in(directory);
    program.succeed("train", "small.yaml", "--out", "unbroken");
    unbroken = new RunFolder(directory.resolve("unbroken"));
  }

  private static Program.Running begin(RunFolder run) throws IOException {
    return program.start("train", "small.yaml", "--out", run.path().toString());
  }

  private static RunFolder folder(String name) {
    return new RunFolder(directory.resolve(name));
  }

  @Test
  void aKilledRunEndsInTheSameBits() throws IOException, InterruptedException {
    RunFolder run = folder("killed");
    Program.Running first = begin(run);
    first.until(() -> run.latestStep() >= 20);
    first.kill();
    assertThat(run.status()).isEqualTo("running");
    Program.Running second = program.start("resume", run.path().toString());
    second.until(() -> run.latestStep() >= 50 && run.savesNow());
    second.kill();

    program.succeed("resume", run.path().toString());
    run.equalTo(unbroken);
  }

  @Test
  void sigtermWritesACheckpointAndGives130() throws IOException, InterruptedException {
    RunFolder run = folder("terminated");
    Program.Running first = begin(run);
    first.until(() -> run.latestStep() >= 12);
    Program.Ended ended = first.terminate().with(130);

    assertThat(ended.err()).contains("interrupted at step", "lot resume " + run.path());
    assertThat(run.status()).isEqualTo("interrupted");
    program.succeed("resume", run.path().toString());
    run.equalTo(unbroken);
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheOneBeforeIsUsed() throws IOException, InterruptedException {
    RunFolder run = folder("damaged");
    Program.Running first = begin(run);
    first.until(() -> run.latestStep() >= 30);
    first.kill();
    Path newest = run.latest();
    Path weights = newest.resolve("teacher.safetensors");
    Damage.flip(weights, Files.size(weights) - 9);

    Program.Ended ended = program.succeed("resume", run.path().toString());
    assertThat(ended.err()).contains("lot: ", newest.getFileName().toString());
    run.equalTo(unbroken);
  }

  @Test
  void aSecondProcessIsRefused() throws IOException, InterruptedException {
    RunFolder run = folder("twice");
    Program.Running first = begin(run);
    first.until(() -> run.latestStep() >= 3);
    first.kill();

    // This process stands for one that is still training: it has the run's lock.
    try (DirectoryLock held = DirectoryLock.acquire(run.path())) {
      Program.Ended second = program.run("resume", run.path().toString()).refused(2);
      assertThat(second.err()).contains("in use by another process");
      program.run("train", "small.yaml", "--force", "--out", run.path().toString()).refused(2);
    }
    program.succeed("resume", run.path().toString());
    run.equalTo(unbroken);
  }

  @Test
  void aFinishedRunSaysSo() throws IOException, InterruptedException {
    var before = unbroken.content();
    assertThat(program.succeed("resume", "unbroken").err()).contains("finished; nothing to do");
    assertThat(unbroken.content()).isEqualTo(before);
  }

  @Test
  void anotherNumberOfThreadsIsRefused() throws IOException, InterruptedException {
    RunFolder run = folder("threads");
    Program.Running first = begin(run);
    first.until(() -> run.latestStep() >= 3);
    first.kill();

    Program.Ended ended = program.run("resume", run.path().toString(), "--threads", "2").refused(2);
    assertThat(ended.err()).contains("--threads 2", "began with 1");
  }

  @Test
  void aFullDiskIsOneLineAndNothingHalfWritten() throws IOException, InterruptedException {
    RunFolder run = folder("full");
    // The teacher's file alone is larger.
    Program.Ended ended =
        program
            .withFilesUpTo(16)
            .run("train", "small.yaml", "--out", run.path().toString())
            .with(1);

    assertThat(ended.err().lines().filter(line -> line.startsWith("lot: "))).hasSize(1);
    assertThat(ended.err()).contains("cannot be written");
    assertThat(run.savesNow()).isFalse();
    assertThat(run.status()).isEqualTo("failed");
    program.succeed("resume", run.path().toString());
    run.equalTo(unbroken);
  }
}
