package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineTailTest {
  @TempDir Path folder;

  private final Heard heard = new Heard();
  private Path file;

  /** Keeps what it is told. */
  static final class Heard implements LineTail.Lines {
    final List<String> lines = new ArrayList<>();
    int anew;

    @Override
    public void anew() {
      lines.clear();
      anew++;
    }

    @Override
    public void line(String text) {
      lines.add(text);
    }
  }

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  @Test
  void readsOnlyWhatIsAppended() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\ntwo\n");
    assertThat(tail.look(heard)).isTrue();
    heard.lines.clear();
    append("three\n");
    assertThat(tail.look(heard)).isTrue();

    assertThat(heard.lines).containsExactly("three");
    assertThat(heard.anew).isZero();
  }

  @Test
  void anUnchangedFileIsNotOpened() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\n");
    tail.look(heard);
    FileTime time = Files.getLastModifiedTime(file);
    // Other bytes under the same stamp: who opens the file would notice.
    Files.writeString(file, "two\n", StandardOpenOption.WRITE);
    Files.setLastModifiedTime(file, time);

    assertThat(tail.look(heard)).isFalse();
    assertThat(heard.lines).containsExactly("one");
  }

  @Test
  void aLineWithoutItsEndWaits() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\nhal");
    tail.look(heard);
    assertThat(heard.lines).containsExactly("one");
    append("f\n");
    tail.look(heard);

    assertThat(heard.lines).containsExactly("one", "half");
  }

  @Test
  void aShorterFileIsReadAnew() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\ntwo\nthree\n");
    tail.look(heard);
    cutTo(4);
    tail.look(heard);

    assertThat(heard.lines).containsExactly("one");
    assertThat(heard.anew).isEqualTo(1);
  }

  @Test
  void aFileThatWasCutBackAndHasGrownBeyondIsReadAnew() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\ntwo\nthree\n");
    tail.look(heard);
    cutTo(4);
    append("TWO\nTHREE\nfour\n");
    tail.look(heard);

    assertThat(heard.lines).containsExactly("one", "TWO", "THREE", "four");
  }

  @Test
  void aFileThatReplacedItIsReadAnew() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\n");
    tail.look(heard);
    MadeUpRuns.write(file, "one\ntwo\n");
    tail.look(heard);

    assertThat(heard.lines).containsExactly("one", "two");
    assertThat(heard.anew).isEqualTo(1);
  }

  @Test
  void aFileThatIsGoneHasNoLines() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\n");
    tail.look(heard);
    Files.delete(file);

    assertThat(tail.look(heard)).isTrue();
    assertThat(heard.lines).isEmpty();
    assertThat(tail.look(heard)).isFalse();
  }

  @Test
  void theEndAloneBeginsWithAWholeLine() throws IOException {
    LineTail tail = LineTail.end(file, 9);
    Files.writeString(file, "one\ntwo\nthree\nfour\n");
    tail.look(heard);
    assertThat(heard.lines).containsExactly("four");
    append("five\n");
    tail.look(heard);

    assertThat(heard.lines).containsExactly("four", "five");
  }

  @Test
  void anEndlessLineIsSkipped() throws IOException {
    LineTail tail = LineTail.whole(file);
    Files.writeString(file, "one\n" + "x".repeat(3 << 20) + "\ntwo\n");
    tail.look(heard);

    assertThat(heard.lines).containsExactly("one", "two");
  }

  @Test
  void aSymbolicLinkIsNoFile() throws IOException {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "one\n");
    Files.createSymbolicLink(file, secret);

    assertThat(LineTail.whole(file).look(heard)).isFalse();
    assertThat(heard.lines).isEmpty();
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private void cutTo(long size) throws IOException {
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }
}
