package lot4j.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The index of a checkpoint in shards: {@code {"metadata": …, "weight_map": {tensor: file}}}.
 *
 * <p>Source: huggingface/transformers' {@code model.safetensors.index.json}.
 */
final class WeightIndex {
  private static final int MOST_BYTES = 100_000_000;
  private static final String MAP = "weight_map";
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private WeightIndex() {}

  /**
   * The shard of every tensor: a plain file name, never a path.
   *
   * @throws CheckpointException naming the file and what is wrong
   */
  static Map<String, String> read(Path file) {
    try {
      return parse(text(file));
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + ": it is not UTF-8 text", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": it is not JSON; " + line(e.getOriginalMessage()), e);
    } catch (CheckpointException e) {
      throw new CheckpointException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw Safetensors.unreadable(file, e);
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      require(bytes.length <= MOST_BYTES, "it is longer than " + MOST_BYTES + " bytes");
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static Map<String, String> parse(String json) throws IOException {
    Map<String, String> places = new TreeMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "it is not an object");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        boolean wanted = parser.currentName().equals(MAP);
        parser.nextToken();
        if (wanted) {
          readMap(parser, places);
        } else {
          parser.skipChildren();
        }
      }
      require(parser.nextToken() == null, "it goes on behind the closing '}'");
    }
    require(!places.isEmpty(), "no tensor in its " + MAP);
    return Collections.unmodifiableMap(places);
  }

  private static void readMap(JsonParser parser, Map<String, String> places) throws IOException {
    require(parser.currentToken() == JsonToken.START_OBJECT, MAP + " is not an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String tensor = parser.currentName();
      require(
          parser.nextToken() == JsonToken.VALUE_STRING,
          SafetensorsHeader.quote(tensor) + " has no file's name");
      String shard = parser.getText();
      require(
          isPlainName(shard),
          SafetensorsHeader.quote(tensor)
              + " is in "
              + SafetensorsHeader.quote(shard)
              + ", which is not allowed; a .safetensors file in the same directory");
      places.put(tensor, shard);
    }
  }

  /** No separator of any system, no drive, no hidden file: it cannot leave the directory. */
  private static boolean isPlainName(String shard) {
    return shard.matches("[A-Za-z0-9_][A-Za-z0-9_.+ -]{0,240}\\.safetensors");
  }

  private static String line(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static void require(boolean held, String what) {
    if (!held) {
      throw new CheckpointException(what);
    }
  }
}
