package lot4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OwnDataOptionsTest {
  @TempDir Path directory;

  @Test
  void aDirectoryOfTextsIsAText() throws IOException {
    for (String name : new String[] {"train.txt", "my.train.txt.gz", "wiki.train.tokens"}) {
      Path folder = Files.createDirectory(directory.resolve("of-" + name));
      Files.createFile(folder.resolve(name));
      assertThat(made(folder)).contains("kind: text");
    }
    Path images = Files.createDirectory(directory.resolve("images"));
    Files.createDirectory(images.resolve("train"));
    assertThat(made(images)).contains("kind: image");
  }

  private static String made(Path data) {
    OwnDataOptions own = new OwnDataOptions();
    new CommandLine(own).parseArgs("--data", data.toString());
    return new String(own.config(Optional.empty()).orElseThrow().bytes(), StandardCharsets.UTF_8);
  }
}
