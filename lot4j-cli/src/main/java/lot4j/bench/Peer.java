package lot4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The same work in Python, where one with what the script needs is installed; never required. */
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

  /** The published image trainer's steps, as plainly as it makes them. */
  static Optional<Peer> ofPublishedTrainer(Settings settings) {
    return find(settings, "published_trainer.py");
  }

  /** The same for texts. */
  static Optional<Peer> ofLanguage(Settings settings) {
    return find(settings, "language_step.py");
  }

  /** The same for PPO. */
  static Optional<Peer> ofPpo(Settings settings) {
    return find(settings, "ppo.py");
  }

  /** Environments in Python and NumPy, without PyTorch. */
  static Optional<Peer> ofEnvironments(Settings settings) {
    return find(settings.home(), "env_steps.py", "numpy");
  }

  private static Optional<Peer> find(Settings settings, String name) {
    // It knows its own networks only; another one beside it would be no comparison.
    return settings.set().isEmpty() ? find(settings.home(), name, "torch") : Optional.empty();
  }

  private static Optional<Peer> find(Optional<Path> home, String name, String needed) {
    return home.map(installed -> installed.resolve(SCRIPTS).resolve(name))
        .filter(Files::exists)
        .flatMap(
            script ->
                PYTHONS.stream()
                    .filter(python -> has(python, needed))
                    .findFirst()
                    .map(python -> new Peer(python, script)));
  }

  /** Whether its Python has a package that the script can use but does not need. */
  boolean has(String optional) {
    return has(python, optional);
  }

  private static boolean has(String python, String needed) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import " + needed)
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
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--threads", "" + threads, "--batch", "" + batch));
    options.addAll(List.of("--precision", precision));
    options.addAll(List.of(more));
    return with(name, options);
  }

  /** The script at work with options of its own. */
  Variant with(String name, List<String> options) {
    return new Processes(name, List.of(Child.of(name, command(options))));
  }

  /** The same as if a user had started it: without what {@code ./lot} puts in the environment. */
  Variant byHand(String name, List<String> options) {
    return new Processes(name, List.of(Child.byHand(name, command(options))));
  }

  private List<String> command(List<String> options) {
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(options);
    return command;
  }
}
