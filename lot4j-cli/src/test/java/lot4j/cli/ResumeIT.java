package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many kills at random moments, while starting, training and writing. */
@Tag("slow")
class ResumeIT {
  private static final int KILLS = 8;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"teacher-only", "lot"})
  void manyKillsEndInTheSameBits(String method) throws IOException, InterruptedException {
    SmallRuns.write(directory, 300);
    Program program = Program.in(directory);
    String set = "method=" + method;
    program.succeed("train", "small.yaml", "--set", set, "--out", "unbroken");
    RunFolder run = new RunFolder(directory.resolve("killed"));
    Random moments = new Random(7);

    Program.Running running =
        program.start("train", "small.yaml", "--set", set, "--out", run.path().toString());
    running.until(() -> run.latestStep() >= 0);
    for (int i = 0; i < KILLS; i++) {
      long step = run.latestStep() + moments.nextInt(36);
      switch (i % 4) {
        case 0 -> running.until(() -> run.latestStep() >= step);
        case 1 -> running.until(() -> run.latestStep() >= step && run.savesNow());
        case 2 -> running.process().waitFor(moments.nextInt(3000), TimeUnit.MILLISECONDS);
        default -> {
          running.until(() -> run.latestStep() >= step);
          running.process().waitFor(moments.nextInt(60), TimeUnit.MILLISECONDS);
        }
      }
      running.kill();
      running = program.start("resume", run.path().toString());
    }
    running.end().with(0);
    run.equalTo(new RunFolder(directory.resolve("unbroken")));
  }

  @ParameterizedTest
  @CsvSource({"lstm, float32", "transformer-xl, bfloat16"})
  void aKilledLanguageModelEndsInTheSameBits(String model, String precision)
      throws IOException, InterruptedException {
    SmallTexts.write(directory, 200);
    Program program = Program.in(directory);
    String[] train = {
      "train",
      "tiny.yaml",
      "--set",
      "teacher=" + SmallTexts.network(model),
      "--set",
      "students=[" + SmallTexts.network(model) + "]",
      "--set",
      "precision=" + precision,
      "--out"
    };
    program.succeed(to(train, "unbroken"));
    RunFolder run = new RunFolder(directory.resolve("killed"));
    Program.Running running = program.start(to(train, run.path().toString()));
    for (int step : new int[] {20, 50, 110}) {
      running.until(() -> run.latestStep() >= step && run.savesNow());
      running.kill();
      running = program.start("resume", run.path().toString());
    }
    running.end().with(0);
    run.equalTo(new RunFolder(directory.resolve("unbroken")));
  }

  private static String[] to(String[] command, String out) {
    return Stream.concat(Stream.of(command), Stream.of(out)).toArray(String[]::new);
  }

  @Test
  void aKilledComparisonStopsItsWorkersAndKeepsFinishedRuns()
      throws IOException, InterruptedException {
    SmallRuns.write(directory, 60);
    Program program = Program.in(directory);
    program.succeed("compare", "small.yaml", "--jobs", "1", "--out", "unbroken");
    Program.Running running =
        program.start("compare", "small.yaml", "--jobs", "2", "--out", "killed");
    RunFolder first = new RunFolder(directory.resolve("killed/runs/teacher-only-seed0"));
    RunFolder last = new RunFolder(directory.resolve("killed/runs/lot-paper-seed0"));
    running.until(() -> last.latestStep() >= 3);
    var workers = ComparisonTest.workers(running);
    running.kill();
    for (ProcessHandle worker : workers.values()) {
      worker.onExit().orTimeout(120, TimeUnit.SECONDS).join();
    }

    assertThat(workers).isNotEmpty();
    assertThat(first.status()).isEqualTo("done");
    String finished = first.json("result.json").toString() + first.json("run.json");
    program.succeed("resume", "killed");
    assertThat(first.json("result.json").toString() + first.json("run.json")).isEqualTo(finished);
    ComparisonTest.equalToUnbroken(directory, "killed");
  }
}
