package lot4j.sweep.slurm;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Slurm through its commands, as they stand on the PATH. Needs no accounting: what has ended is
 * known from the queue, which shows it for some minutes, and from the run directories.
 */
public final class Slurm {
  /** What sbatch says of a job that may yet begin: a node that is down today is no mistake. */
  private static final String NOT_NOW = "(?is).*(not available|are busy|down, drained|reserved).*";

  private static final String UNKNOWN = "Invalid job id";

  /** Slurm as this process finds it. */
  public Slurm() {}

  private record Answer(int code, String out, String err) {
    /** Everything that was complained about, in one line. */
    String complaint(String command) {
      String lines =
          (err.isBlank() ? out : err)
              .lines()
              .map(line -> line.strip().replaceFirst("^(sbatch|squeue): (error: )?", ""))
              .filter(line -> !line.isEmpty())
              .distinct()
              .collect(Collectors.joining("; "));
      return command + ": " + (lines.isEmpty() ? "exit code " + code : lines);
    }
  }

  /**
   * Asks sbatch whether it would take a script, submitting nothing.
   *
   * @throws SlurmException if there is no sbatch, or it never would
   */
  public void check(BatchScript script) {
    List<String> command = new ArrayList<>(List.of("sbatch", "--test-only"));
    command.addAll(script.arguments());
    Answer answer = call(command, script.text());
    if (answer.code() != 0 && !answer.err().matches(NOT_NOW)) {
      throw new SlurmException(answer.complaint("sbatch"));
    }
  }

  /**
   * Submits a script; its paths begin in the current directory.
   *
   * @param file the script, with its text
   * @return the number of the job
   * @throws SlurmException if it is refused
   */
  public String submit(Path file, BatchScript script) {
    List<String> command = new ArrayList<>(List.of("sbatch", "--parsable"));
    command.addAll(script.arguments());
    command.add(file.toString());
    Answer answer = call(command, "");
    String job = answer.out().strip().split(";", 2)[0];
    if (answer.code() != 0 || !job.matches("[0-9]+")) {
      throw new SlurmException(answer.complaint("sbatch"));
    }
    return job;
  }

  /**
   * The tasks of jobs that the queue still shows.
   *
   * @throws SlurmException if the queue does not answer
   */
  public List<QueuedTask> queue(Collection<String> jobs) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    Answer answer =
        call(
            List.of(
                "squeue",
                "--noheader",
                "--array",
                "--states=all",
                "--jobs=" + String.join(",", jobs),
                "--Format=" + QueuedTask.FIELDS),
            "");
    if (answer.code() != 0 && !answer.err().contains(UNKNOWN)) {
      throw new SlurmException(answer.complaint("squeue"));
    }
    return QueuedTask.read(answer.out().lines().toList());
  }

  private static Answer call(List<String> command, String input) {
    Optional<Path> in = Optional.empty();
    Optional<Path> out = Optional.empty();
    Optional<Path> err = Optional.empty();
    try {
      in = Optional.of(Files.createTempFile("lot-slurm", ".in"));
      out = Optional.of(Files.createTempFile("lot-slurm", ".out"));
      err = Optional.of(Files.createTempFile("lot-slurm", ".err"));
      Files.writeString(in.get(), input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(in.get().toFile())
              .redirectOutput(out.get().toFile())
              .redirectError(err.get().toFile())
              .start();
      int code = process.waitFor();
      return new Answer(code, text(out.get()), text(err.get()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlurmException(
          command.get(0) + ": interrupted", new InterruptedIOException(e.getMessage()));
    } catch (IOException e) {
      throw new SlurmException(
          command.get(0) + ": cannot be called: Slurm's commands have to be on the PATH", e);
    } finally {
      in.ifPresent(file -> file.toFile().delete());
      out.ifPresent(file -> file.toFile().delete());
      err.ifPresent(file -> file.toFile().delete());
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
