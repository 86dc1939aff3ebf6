package lot4j.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The process's largest resident memory, as Linux counts it; 0 where it does not say. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  private PeakMemory() {}

  /**
   * Starts counting anew, where the system allows it, so that a run does not show another's peak.
   */
  public static void reset() {
    try {
      Files.write(CLEAR, "5".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // Not Linux, or not allowed: the peak is then the whole process's, which is an upper bound.
      return;
    }
  }

  /** Bytes, since the last {@link #reset}. */
  public static long bytes() {
    try {
      List<String> lines = Files.readAllLines(STATUS);
      return lines.stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // not Linux
    }
  }
}
