package lot4j.sweep.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchScriptTest {
  private static final SlurmOptions OPTIONS =
      new SlurmOptions(
          Optional.of(4),
          Optional.of(3),
          2,
          Optional.of("main"),
          Optional.empty(),
          Optional.of("1:00:00"),
          Optional.empty(),
          Optional.of("2G"),
          List.of("gres=gpu:1", "comment=a \"b\" \\", "exclusive", "signal=B:USR1@300"));

  @TempDir Path directory;

  private static BatchScript script(List<String> program, Map<String, String> variables) {
    return new BatchScript(
        OPTIONS.directives("my sweep; rm -rf $HOME\n", "slurm/1-%a.log", 3, 2),
        "it's/slurm/1.runs",
        3,
        OPTIONS.restarts(),
        variables,
        program);
  }

  @Test
  void beginsWithWhatIsAskedOfSlurm() {
    String text = script(List.of("lot", "resume"), Map.of()).text();
    assertThat(text)
        .startsWith(
            """
            #!/bin/bash
            # A job array of a sweep, written by lot. A task trains the run directories of its lines in
            # the list below, and goes on where a stop left them.
            #SBATCH --job-name=lot-my_sweep__rm_-rf__HOME_
            #SBATCH --array=0-2%4
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task=2
            #SBATCH --output=slurm/1-%a.log
            #SBATCH --open-mode=append
            #SBATCH --requeue
            #SBATCH --signal=B:USR1@300
            #SBATCH --partition=main
            #SBATCH --time=1:00:00
            #SBATCH --mem=2G
            #SBATCH --gres=gpu:1
            #SBATCH --comment="a \\"b\\" \\\\"
            #SBATCH --exclusive

            first=$((SLURM_ARRAY_TASK_ID * 3 + 1))
            last=$((first + 3 - 1))
            mapfile -t runs < <(sed -n "${first},${last}p" < 'it'\\''s/slurm/1.runs')
            """);
  }

  @Test
  void argumentsAreTheSameWithoutQuotes() {
    assertThat(script(List.of("lot"), Map.of()).arguments())
        .contains("--array=0-2%4", "--comment=a \"b\" \\", "--exclusive", "--requeue");
  }

  /** How the shell runs a script: what the program got, and the exit code. */
  private record Ended(int code, String printed, List<String> asked) {}

  /** Runs the script with a program of its own and a scontrol that notes what it is asked. */
  private Ended run(String program, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path tools = Files.createDirectories(directory.resolve("it's \"here\" $HOME"));
    executable(tools.resolve("scontrol"), "#!/bin/bash\necho \"$@\" >> asked\n");
    executable(tools.resolve("lot"), "#!/bin/bash\n" + program);
    Files.createDirectories(directory.resolve("it's/slurm"));
    Files.writeString(directory.resolve("it's/slurm/1.runs"), "a\nb\nc\nd e\nf*\n");
    Path file = directory.resolve("it's/slurm/1.sh");
    Files.writeString(
        file,
        script(
                List.of(tools.resolve("lot").toString(), "resume"),
                Map.of("MALLOC_ARENA_MAX", "it's 1"))
            .text());
    ProcessBuilder builder =
        new ProcessBuilder("bash", file.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    builder.environment().put("SLURM_ARRAY_JOB_ID", "17");
    builder.environment().put("SLURM_ARRAY_TASK_ID", "1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    Path asked = directory.resolve("asked");
    List<String> lines = new ArrayList<>();
    if (Files.exists(asked)) {
      lines.addAll(Files.readAllLines(asked));
    }
    return new Ended(code, printed, lines);
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void theProgramGetsTheLinesOfItsTask() throws IOException, InterruptedException {
    Ended ended = run("echo \"$MALLOC_ARENA_MAX\"; printf '<%s>' \"$@\"", Map.of());
    assertThat(ended.printed()).isEqualTo("it's 1\n<resume><d e><f*>");
    assertThat(ended.code()).isZero();
    assertThat(ended.asked()).isEmpty();
  }

  @Test
  void aStopBeforeTheTimeLimitReachesTheProgramAndTheTaskIsRequeued()
      throws IOException, InterruptedException {
    Ended ended =
        run("trap 'echo saved; exit 130' TERM; kill -USR1 $PPID; while :; do :; done", Map.of());
    assertThat(ended.printed()).contains("saved").contains("the task begins again");
    assertThat(ended.asked()).containsExactly("requeue 17_1");
    assertThat(ended.code()).isEqualTo(130);
  }

  @Test
  void whatIsCancelledIsNotRequeued() throws IOException, InterruptedException {
    Ended ended =
        run("trap 'echo saved; exit 130' TERM; kill -TERM $PPID; while :; do :; done", Map.of());
    assertThat(ended.printed()).contains("saved");
    assertThat(ended.asked()).isEmpty();
    assertThat(ended.code()).isEqualTo(130);
  }

  @Test
  void aKilledProgramIsRequeuedAsOftenAsAllowed() throws IOException, InterruptedException {
    assertThat(run("kill -KILL $$", Map.of("SLURM_RESTART_COUNT", "1")).asked())
        .containsExactly("requeue 17_1");
    Ended last = run("kill -KILL $$", Map.of("SLURM_RESTART_COUNT", "2"));
    assertThat(last.asked()).hasSize(1);
    assertThat(last.code()).isEqualTo(1);
    assertThat(last.printed()).contains("stopped with exit code 137 after 2 restarts");
  }

  @Test
  void failuresKeepTheirCode() throws IOException, InterruptedException {
    assertThat(run("exit 3", Map.of()).code()).isEqualTo(3);
    assertThat(run("exit 127", Map.of()).code()).isEqualTo(127);
    assertThat(directory.resolve("asked")).doesNotExist();
  }
}
