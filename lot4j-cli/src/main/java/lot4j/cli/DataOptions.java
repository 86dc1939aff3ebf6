package lot4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where data sets are looked for. */
final class DataOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where data sets lie; default $LOT_DATA, else ~/.cache/lot4j.")
  private Optional<Path> given = Optional.empty();

  Path directory() {
    return given.orElseGet(DataOptions::byDefault);
  }

  /** The given directory, else the one that is on record, else the default. */
  Path directory(Optional<Path> recorded) {
    return given.or(() -> recorded).orElseGet(DataOptions::byDefault);
  }

  private static Path byDefault() {
    String environment = System.getenv("LOT_DATA");
    return environment != null && !environment.isEmpty()
        ? Path.of(environment)
        : Path.of(System.getProperty("user.home"), ".cache", "lot4j");
  }
}
