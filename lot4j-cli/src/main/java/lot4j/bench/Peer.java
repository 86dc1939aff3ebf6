package lot4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The same work in Python's PyTorch, where a Python with it is installed; never required. */
final class Peer {
  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");
  private static final Path SCRIPTS = Path.of("lot4j-benchmarks", "peers");

  private final String python;
  private final Path script;

  private Peer(String python, Path script) {
    this.python = python;
    this.script = script;
  }

  /** A peer, if its script and a Python with PyTorch are there and the workload is its own. */
  static Optional<Peer> find(Settings settings) {
    return find(settings, "image_step.py");
  }

  /** The same for texts. */
  static Optional<Peer> ofLanguage(Settings settings) {
    return find(settings, "language_step.py");
  }

  private static Optional<Peer> find(Settings settings, String name) {
    // It knows its own networks only; another one beside it would be no comparison.
    Optional<Path> script =
        settings.set().isEmpty()
            ? settings.home().map(home -> home.resolve(SCRIPTS).resolve(name)).filter(Files::exists)
            : Optional.empty();
    return script.flatMap(
        found -> PYTHONS.stream().filter(Peer::hasTorch).findFirst().map(p -> new Peer(p, found)));
  }

  private static boolean hasTorch(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import torch")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * The script at work.
   *
   * @param studentSteps N of the released code's update; 0: teacher only
   */
  Variant at(String name, int threads, int batch, String precision, int studentSteps) {
    return at(name, threads, batch, precision, "--student-steps", String.valueOf(studentSteps));
  }

  /** The script for texts at work, teacher only. */
  Variant at(String name, Subject model, int threads, int batch, String precision) {
    return at(name, threads, batch, precision, "--model", model.key());
  }

  private Variant at(String name, int threads, int batch, String precision, String... more) {
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(List.of("--threads", "" + threads, "--batch", "" + batch));
    command.addAll(List.of("--precision", precision));
    command.addAll(List.of(more));
    return new Processes(name, List.of(Child.of(name, command)));
  }
}
