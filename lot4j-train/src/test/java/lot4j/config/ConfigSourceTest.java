package lot4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {
  @TempDir Path directory;

  @Test
  void readsAFileUnderTheNameThatWasGiven() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), "lto: 1\n");

    assertThatThrownBy(
            () -> new ConfigReader(Dummies.catalog()).readRun(ConfigSource.file(file), List.of()))
        .hasMessageContaining(file + ":1:1: unknown key: lto; did you mean 'lot'?");
  }

  @Test
  void tellsThatAFileIsMissing() {
    Path file = directory.resolve("none.yaml");

    assertThatThrownBy(() -> ConfigSource.file(file))
        .isInstanceOf(ConfigError.class)
        .hasMessage(file + ": no such file");
  }

  @Test
  void tellsThatADirectoryIsNoFile() {
    assertThatThrownBy(() -> ConfigSource.file(directory))
        .isInstanceOf(ConfigError.class)
        .hasMessage(directory + ": not a file");
  }

  @Test
  void refusesALargeFileUnread() throws IOException {
    Path file = directory.resolve("large.yaml");
    Files.write(file, new byte[1_500_000]);

    assertThatThrownBy(() -> ConfigSource.file(file))
        .isInstanceOf(ConfigError.class)
        .hasMessage(file + ": file of 1500000 bytes is not allowed; at most 1000000");
  }

  @Test
  void givesANameThatCanNameADirectory() {
    assertThat(ConfigSource.of("some/dir/digits.yaml", "").stem()).isEqualTo("digits");
    assertThat(ConfigSource.of("C:\\a b.yml", "").stem()).isEqualTo("a-b");
    assertThat(ConfigSource.of("ptb-lstm", "").stem()).isEqualTo("ptb-lstm");
    assertThat(ConfigSource.of("/dev/.yaml", "").stem()).isEqualTo("experiment");
  }
}
