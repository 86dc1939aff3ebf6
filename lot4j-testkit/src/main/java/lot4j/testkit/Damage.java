package lot4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What disks and killed processes do to files. */
public final class Damage {
  private Damage() {}

  /** Inverts one bit of the byte at {@code offset}. */
  public static void flip(Path file, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.toIntExact(offset)] ^= 1;
    Files.write(file, bytes);
  }

  /** Cuts a file to its first {@code size} bytes. */
  public static void truncate(Path file, long size) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), Math.toIntExact(size)));
  }
}
