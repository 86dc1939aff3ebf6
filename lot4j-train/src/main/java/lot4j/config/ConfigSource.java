package lot4j.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration's text.
 *
 * @param name the file as the user wrote it, or the preset's name; it begins every position
 * @param bytes UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record ConfigSource(String name, byte[] bytes) {
  /** A preset, or any text at hand. */
  public static ConfigSource of(String name, String text) {
    return new ConfigSource(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A file.
   *
   * @throws ConfigError if it cannot be read or is too large
   */
  public static ConfigSource file(Path path) {
    String shown = Shown.text(path.toString());
    if (!Files.exists(path)) {
      throw new ConfigError(shown, "no such file");
    }
    if (!Files.isRegularFile(path)) {
      throw new ConfigError(shown, "not a file");
    }
    try (var in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(YamlTree.LARGEST + 1);
      if (bytes.length > YamlTree.LARGEST) {
        throw new ConfigError(
            shown,
            "file of " + Files.size(path) + " bytes is not allowed; at most " + YamlTree.LARGEST);
      }
      return new ConfigSource(path.toString(), bytes);
    } catch (IOException e) {
      throw new ConfigError(
          shown, "cannot be read: " + Shown.brief(String.valueOf(e.getMessage())));
    }
  }

  /** The name without folders and ending, for an experiment that gives none. */
  String stem() {
    String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String bare = file.replaceFirst("\\.ya?ml$", "").replaceAll("[^A-Za-z0-9._@+-]", "-");
    return bare.isEmpty() || bare.startsWith(".") ? "experiment" : bare;
  }
}
