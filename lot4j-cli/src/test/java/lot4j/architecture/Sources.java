package lot4j.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The repository's source files. */
final class Sources {
  private Sources() {}

  /** The folder that holds the POM with the modules. */
  static Path root() {
    return Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
        .filter(Sources::isRoot)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("run the tests inside the repository"));
  }

  private static boolean isRoot(Path directory) {
    Path pom = directory.resolve("pom.xml");
    return Files.exists(pom) && text(pom).contains("<modules>");
  }

  /** A file of some module's main sources. */
  static Optional<Path> mainFile(String path) {
    return file("src/main/java/" + path);
  }

  /** A file of some module's tests. */
  static Optional<Path> testFile(String path) {
    return file("src/test/java/" + path);
  }

  private static Optional<Path> file(String path) {
    try (Stream<Path> modules = Files.list(root())) {
      List<Path> found =
          modules.map(module -> module.resolve(path)).filter(Files::isRegularFile).toList();
      return found.stream().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
