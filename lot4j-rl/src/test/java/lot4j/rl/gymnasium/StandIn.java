package lot4j.rl.gymnasium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.rl.Environments;

/** Programs that stand in for a user's Python: the real one with a package of our own, or none. */
final class StandIn {
  private static final List<String> CANDIDATES =
      List.of("python3", "/usr/bin/python3", "/usr/local/bin/python3", "python");

  private StandIn() {}

  /** A Python that finds our package; skips the test where none has numpy. */
  static String python(Path directory) {
    Path packages = Path.of("src/test/python").toAbsolutePath();
    return program(
        directory,
        "export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='"
            + packages
            + "'\nexec "
            + realPython()
            + " \"$@\"");
  }

  /** A Python of this machine, with numpy. */
  static String realPython() {
    Optional<String> found = CANDIDATES.stream().filter(StandIn::hasNumpy).findFirst();
    assumeTrue(found.isPresent(), "no Python 3 with numpy among " + CANDIDATES);
    return found.get();
  }

  private static boolean hasNumpy(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import numpy").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // not installed
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A program of the shell. */
  static String program(Path directory, String text) {
    assumeTrue(Files.exists(Path.of("/bin/sh")), "no shell");
    try {
      Path file = Files.createTempFile(directory, "python", "");
      Files.writeString(file, "#!/bin/sh\n" + text + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      return file.toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Gymnasium spec(String python, String id) {
    return new Gymnasium(id, python, 0, Map.of(), Channels.AUTO);
  }

  /** What one of them observes, of floats. */
  static float[] floats(Environments environments, int index) {
    float[] numbers = new float[environments.spaces().observation().count()];
    ByteBuffer bytes = bytes(environments, index);
    bytes.asFloatBuffer().get(numbers);
    return numbers;
  }

  /** What one of them observes. */
  static ByteBuffer bytes(Environments environments, int index) {
    ByteBuffer bytes =
        ByteBuffer.allocate(environments.spaces().observation().bytes())
            .order(ByteOrder.nativeOrder());
    environments.observe(index, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    return bytes.flip();
  }
}
