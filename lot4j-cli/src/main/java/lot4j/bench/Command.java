package lot4j.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code lot} command as a user starts it, by the launcher where there is one. */
final class Command {
  private final List<String> program;

  Command(Settings settings) {
    Optional<Path> launcher =
        settings.home().map(home -> home.resolve("lot")).filter(Files::isExecutable);
    this.program = launcher.map(path -> List.of(path.toString())).orElseGet(Child::program);
  }

  /**
   * How long a command took, in seconds from the start of its process.
   *
   * @param whole to its end
   * @param marked to the first line on standard error that begins with the mark; not a number
   *     without such a line
   */
  record Times(double whole, double marked) {}

  /**
   * Runs a command to its end.
   *
   * @param mark the beginning of a line on standard error
   * @throws IllegalStateException if it fails
   */
  Times time(String mark, List<String> arguments) {
    List<String> command = new ArrayList<>(program);
    command.addAll(arguments);
    try {
      long started = System.nanoTime();
      Process process =
          new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      double marked = Double.NaN;
      StringBuilder said = new StringBuilder();
      try (BufferedReader err =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
          said.append(line).append('\n');
          if (Double.isNaN(marked) && line.startsWith(mark)) {
            marked = (System.nanoTime() - started) / 1e9;
          }
        }
      }
      int exit = process.waitFor();
      double all = (System.nanoTime() - started) / 1e9;
      if (exit != 0) {
        throw new IllegalStateException("lot " + String.join(" ", arguments) + ": " + said);
      }
      return new Times(all, marked);
    } catch (IOException e) {
      throw new UncheckedIOException("lot: cannot be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("bench: interrupted", e);
    }
  }
}
