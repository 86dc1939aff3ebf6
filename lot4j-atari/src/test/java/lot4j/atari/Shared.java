package lot4j.atari;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the game that the repository does not hold; tests are skipped without it. */
final class Shared {
  private Shared() {}

  /** {@code <shared>/data/<name>}, or the test is skipped. */
  static Path data(String name) {
    Path path = root().resolve("data").resolve(name);
    assumeTrue(Files.exists(path), () -> "real data absent: " + path);
    return path;
  }

  private static Path root() {
    return Optional.ofNullable(System.getenv("LOT_SHARED"))
        .map(Path::of)
        .orElseGet(
            () ->
                Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
                    .filter(Shared::isRepository)
                    .findFirst()
                    .map(p -> p.resolveSibling("shared"))
                    .orElse(Path.of("shared")));
  }

  private static boolean isRepository(Path directory) {
    try {
      Path pom = directory.resolve("pom.xml");
      return Files.exists(pom) && Files.readString(pom).contains("<modules>");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
