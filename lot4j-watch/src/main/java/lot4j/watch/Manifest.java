package lot4j.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Small files of a run directory, read with a limit and without complaint. */
final class Manifest {
  private static final int LARGEST = 1 << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Manifest() {}

  /**
   * The JSON object in {@code file}; empty if it is absent, damaged, too large or something else.
   */
  static Optional<JsonNode> json(Path file) {
    return text(file).flatMap(Manifest::object);
  }

  /** At most 1 MB of UTF-8 text; empty if the file is absent, larger, or no regular file. */
  static Optional<String> text(Path file) {
    Optional<Stamp> stamp = Stamp.of(file);
    if (stamp.isEmpty() || stamp.get().size() > LARGEST) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<JsonNode> object(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
