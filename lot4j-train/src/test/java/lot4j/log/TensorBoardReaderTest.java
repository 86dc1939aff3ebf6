package lot4j.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorBoard's own reader, where Python has it; {@link TensorBoardSinkTest} needs nobody. */
class TensorBoardReaderTest {
  private static final String IMPORT =
      "from tensorboard.backend.event_processing.event_accumulator import EventAccumulator\n";
  private static final String READ =
      IMPORT
          + "import sys\n"
          + "events = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0})\n"
          + "events.Reload()\n"
          + "for tag in sorted(events.Tags()['scalars']):\n"
          + "    for event in events.Scalars(tag):\n"
          + "        print(tag, event.step, event.value)\n";

  @TempDir Path folder;

  @Test
  void readsEveryScalarWithItsTagAndStep() throws IOException, InterruptedException {
    assumeTrue(
        python(IMPORT).isPresent(), "Python's package tensorboard is not there: not tried with it");
    Path file = folder.resolve("events.out.tfevents.0.lot4j");
    long offset;
    try (TensorBoardSink sink = TensorBoardSink.open(file, Clock.systemUTC())) {
      sink.write(line(1, Split.TRAIN, 0.5));
      offset = sink.offset();
      sink.write(line(2, Split.TRAIN, 99));
    }
    try (TensorBoardSink sink = TensorBoardSink.open(file, Clock.systemUTC())) {
      sink.truncate(offset); // as a resumed run does
      sink.write(line(300, Split.TRAIN, 0.25));
      sink.write(line(300, Split.VALID, 0.125));
    }
    assertThat(python(READ, folder.toString()).orElseThrow().lines())
        .containsExactly(
            "train/teacher/loss 1 0.5",
            "train/teacher/loss 300 0.25",
            "valid/teacher/loss 300 0.125");
  }

  private static MetricLine line(long step, Split split, double value) {
    return new MetricLine(step, 0.5, split, 1.25, 3e9, 640, Map.of("teacher/loss", value));
  }

  /** What a program prints; empty if it or Python fails. */
  private static Optional<String> python(String program, String... arguments)
      throws InterruptedException {
    String[] command = new String[arguments.length + 3];
    command[0] = "python3";
    command[1] = "-c";
    command[2] = program;
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? Optional.of(out) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no python3 on this machine
    }
  }
}
