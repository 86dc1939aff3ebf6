package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SaidOnceTest {
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private final SaidOnce lines = new SaidOnce(new PrintStream(heard, true, StandardCharsets.UTF_8));

  private static void say(OutputStream voice, String text) throws IOException {
    voice.write(text.getBytes(StandardCharsets.UTF_8));
    voice.flush();
  }

  @Test
  void whatAnotherHasSaidIsLeftOut() throws IOException {
    OutputStream leader = lines.of(0);
    OutputStream other = lines.of(1);
    say(other, "lot: cifar10: no");
    say(leader, "lot: cifar10: not fo");
    assertThat(heard.toString(StandardCharsets.UTF_8)).isEmpty();
    say(other, "t found\n");
    say(leader, "und\nlot: more\n");
    assertThat(heard.toString(StandardCharsets.UTF_8))
        .isEqualTo("lot: cifar10: not found\nlot: more\n");
  }

  @Test
  void everythingElsePassesAsItComes() throws IOException {
    OutputStream leader = lines.of(0);
    say(leader, "train: 10 %");
    assertThat(heard.toString(StandardCharsets.UTF_8)).isEqualTo("train: 10 %");
    say(leader, "\rtrain: 20 %\nlot: a warning\nlot: a warning\n");
    assertThat(heard.toString(StandardCharsets.UTF_8))
        .as("one process may repeat itself")
        .isEqualTo("train: 10 %\rtrain: 20 %\nlot: a warning\nlot: a warning\n");
    assertThat(lines.anything()).isTrue();
  }

  @Test
  void anUnfinishedLineIsNotLost() throws IOException {
    try (OutputStream leader = lines.of(0)) {
      say(leader, "lot: cut sh");
    }
    assertThat(heard.toString(StandardCharsets.UTF_8)).isEqualTo("lot: cut sh");
  }
}
