package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand steps in the memory of the first two thousand. */
@Tag("slow")
class LongRunIT {
  private static final int STEPS = 10_000;
  private static final int EVERY = 500;
  private static final long MOST_GROWTH_KIB = 48 * 1024;

  @TempDir Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryStaysFlat() throws IOException, InterruptedException {
    RunFolder run = new RunFolder(directory.resolve("long"));
    Program.Running running =
        Program.in(directory)
            .start(
                "train",
                "digits",
                "--out",
                "long",
                "--threads",
                "1",
                "--set",
                "budget.updates=" + STEPS,
                "--set",
                "checkpoint.every=" + EVERY,
                "--set",
                "eval-every=" + EVERY);
    List<Long> resident = new ArrayList<>();
    for (int step = EVERY; step < STEPS; step += EVERY) {
      int reached = step;
      running.until(() -> run.latestStep() >= reached);
      if (running.process().isAlive()) {
        resident.add(residentKib(running.process().pid()));
      }
    }
    running.end().with(0);

    assertThat(resident).as("resident KiB").hasSizeGreaterThan(10);
    long early = resident.get(2000 / EVERY - 1);
    long late = resident.get(resident.size() - 1);
    assertThat(late - early).as("growth in KiB, of %s", resident).isLessThan(MOST_GROWTH_KIB);
  }

  private static long residentKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
