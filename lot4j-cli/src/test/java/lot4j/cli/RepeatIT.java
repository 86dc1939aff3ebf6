package lot4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same language model trained twice on several threads is the same to the bit. */
@Tag("slow")
class RepeatIT {
  @TempDir Path directory;

  /** Wide enough for the engine to share its work between threads. */
  private static String wide(String model) {
    return model.equals("lstm")
        ? "{model: lstm, embedding: 96, hidden: 128, layers: 2, dropout: 0.3}"
        : "{model: transformer-xl, layers: 2, width: 96, heads: 4, head-width: 24, inner: 256,"
            + " memory: 24, dropout: 0.2, attention-dropout: 0.1}";
  }

  @ParameterizedTest
  @CsvSource({
    "lstm, float32",
    "lstm, bfloat16",
    "transformer-xl, float32",
    "transformer-xl, bfloat16"
  })
  void onTwoThreads(String model, String precision) throws IOException, InterruptedException {
    SmallTexts.write(directory, 6);
    Files.writeString(directory.resolve("text.txt"), SmallTexts.made(4000, 1));
    for (String out : new String[] {"once", "twice"}) {
      Program.in(directory)
          .succeed(
              "train",
              "tiny.yaml",
              "--threads",
              "2",
              "--out",
              out,
              "--set",
              "teacher=" + wide(model),
              "--set",
              "students=[" + wide(model) + "]",
              "--set",
              "precision=" + precision,
              "--set",
              "task.length=12",
              "--set",
              "batch-size=20",
              "--set",
              "student-batch-size=20");
    }
    new RunFolder(directory.resolve("twice")).equalTo(new RunFolder(directory.resolve("once")));
  }
}
