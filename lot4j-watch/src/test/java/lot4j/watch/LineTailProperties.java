package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineTailProperties {
  /**
   * Whatever is appended, cut back and looked at in between, what was heard in the end is what
   * stands in the file. Every line is another one, as the seconds in real lines make them.
   */
  @Property(tries = 100)
  void hearsWhatStandsInTheFile(@ForAll @Size(max = 30) List<@IntRange(max = 9) Integer> acts)
      throws IOException {
    Path file = Files.createTempFile("tail", ".jsonl");
    LineTailTest.Heard heard = new LineTailTest.Heard();
    LineTail tail = LineTail.whole(file);
    int n = 0;
    for (int act : acts) {
      switch (act) {
        case 0, 1, 2, 3 -> append(file, "line " + n++ + "\n");
        case 4 -> append(file, "half a line " + n++);
        case 5 -> append(file, "\nline " + n++ + " " + "x".repeat(70_000) + "\n");
        case 6 -> {
          try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
          }
        }
        default -> tail.look(heard);
      }
    }
    // Long: what is cut off and refilled to the same size within a tick of the clock looks
    // unchanged.
    append(file, "the last " + "y".repeat(1009) + "\n");
    tail.look(heard);
    String text = Files.readString(file);
    Files.delete(file);

    assertThat(heard.lines)
        .isEqualTo(Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1)));
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }
}
