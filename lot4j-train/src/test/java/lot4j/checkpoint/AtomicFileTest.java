package lot4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(p -> p.getFileName().toString()).toList();
    }
  }

  @Test
  void replacesAFile() throws Exception {
    Path file = folder.resolve("run.json");
    AtomicFile.write(file, "old, and longer");
    AtomicFile.write(file, "neü");
    assertThat(file).hasContent("neü");
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void aFullDiskLeavesTheOldFileAndNoTemporary() throws Exception {
    Path file = folder.resolve("run.json");
    AtomicFile.write(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(ByteBuffer.allocate(100));
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(file + ": cannot be written; No space left on device");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void aBodyThatFailsLeavesTheOldFileAndNoTemporary() throws Exception {
    Path file = folder.resolve("run.json");
    AtomicFile.write(file, "old");
    AtomicFile.Body broken =
        out -> {
          throw new IllegalStateException("broken");
        };
    assertThatThrownBy(() -> AtomicFile.write(file, broken)).hasMessage("broken");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void writesOverATemporaryThatAKilledProcessLeft() throws Exception {
    Files.writeString(folder.resolve(".tmp-run.json"), "half");
    AtomicFile.write(folder.resolve("run.json"), "whole");
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void severalAreWrittenTogetherOrNone() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("a", new byte[] {1});
    files.put("b", new byte[] {2, 3});
    AtomicFile.writeAll(folder, files);
    assertThat(folder.resolve("a")).hasBinaryContent(new byte[] {1});
    assertThat(folder.resolve("b")).hasBinaryContent(new byte[] {2, 3});
    assertThat(names()).containsExactlyInAnyOrder("a", "b");

    files.replaceAll((name, old) -> new byte[] {9});
    files.put("absent/c", new byte[] {4});
    assertThatThrownBy(() -> AtomicFile.writeAll(folder, files))
        .hasMessage(folder.resolve("absent/c") + ": cannot be written; no such file or directory");
    assertThat(folder.resolve("a")).hasBinaryContent(new byte[] {1});
    assertThat(names()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void namesAFileWhoseDirectoryIsAbsent() {
    Path file = folder.resolve("absent/run.json");
    assertThatThrownBy(() -> AtomicFile.write(file, "x"))
        .hasMessage(file + ": cannot be written; no such file or directory");
  }
}
