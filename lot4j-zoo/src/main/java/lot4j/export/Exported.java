package lot4j.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * A network that was written.
 *
 * @param file the network
 * @param card the file of its card, beside it
 * @param document the card's content
 */
public record Exported(Path file, Path card, ObjectNode document) {
  /** The file of a network's card: the network's own with {@code .json} behind it. */
  public static Path cardOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".json");
  }
}
