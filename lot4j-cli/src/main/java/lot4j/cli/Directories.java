package lot4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import lot4j.checkpoint.DirectoryLock;
import lot4j.sweep.SweepRequest;

/** Output directories. */
final class Directories {
  private Directories() {}

  /** Empties a directory that may be replaced; a directory of someone else's is left alone. */
  static void clear(Path directory, boolean force) {
    if (!force || !Files.isDirectory(directory)) {
      return;
    }
    boolean ours =
        Files.exists(directory.resolve("run.json"))
            || Files.exists(directory.resolve("experiment.yaml"))
            || Files.exists(directory.resolve(SweepRequest.FILE))
            || ProbeRun.isProbe(directory);
    if (isEmpty(directory)) {
      return;
    }
    if (!ours) {
      throw new UsageException(
          "--force: " + directory + " holds neither a run nor a comparison; it is left as it is");
    }
    SlurmPlace.refuseQueued(directory, "--force");
    // Whoever is at it is not robbed of its files, nor are they counted while they come and go; the
    // lock's own file stays.
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      for (Path entry : inside(directory)) {
        Files.delete(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be emptied: " + e.getMessage(), e);
    }
  }

  private static boolean isEmpty(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": " + e.getMessage(), e);
    }
  }

  /** Everything in it but the lock, what is in a folder before the folder. */
  private static List<Path> inside(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      return tree.filter(path -> !path.equals(directory))
          .filter(path -> !path.equals(directory.resolve(DirectoryLock.FILE)))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}
