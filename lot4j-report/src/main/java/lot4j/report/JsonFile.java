package lot4j.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/** A JSON object in a file, read with complaints that name the file and the key. */
record JsonFile(Path path, ObjectNode object) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  static JsonFile read(Path path) {
    return new JsonFile(path, object(path, "", text(path)));
  }

  /**
   * The object that {@code json} is; {@code where} (such as {@code line 3: }) begins complaints.
   */
  static ObjectNode object(Path path, String where, String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new ReportException(path, where + "not a JSON object");
    } catch (JsonProcessingException e) {
      throw new ReportException(path, where + "damaged JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The file as UTF-8 text. */
  static String text(Path path) {
    return utf8(path, bytes(path));
  }

  static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new ReportException(path, "no such file", e);
    } catch (IOException e) {
      throw new ReportException(path, "cannot be read: " + e.getMessage(), e);
    }
  }

  static String utf8(Path path, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ReportException(path, "not UTF-8 text", e);
    }
  }

  String requiredText(String key) {
    return text(key).orElseThrow(() -> wrong(key, "a text"));
  }

  Optional<String> text(String key) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw wrong(key, "a text");
    }
    return Optional.of(node.textValue());
  }

  OptionalDouble number(String key) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return OptionalDouble.empty();
    }
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(key, "a finite number or null");
    }
    return OptionalDouble.of(node.doubleValue());
  }

  long requiredInteger(String key) {
    JsonNode node = object.path(key);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrong(key, "a whole number");
    }
    return node.longValue();
  }

  boolean requiredBoolean(String key) {
    JsonNode node = object.path(key);
    if (!node.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return node.booleanValue();
  }

  /** The object under {@code key}, empty if absent. */
  JsonFile child(String key) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return new JsonFile(path, MAPPER.createObjectNode());
    }
    if (!(node instanceof ObjectNode child)) {
      throw wrong(key, "an object");
    }
    return new JsonFile(path, child);
  }

  private ReportException wrong(String key, String allowed) {
    JsonNode node = object.path(key);
    String found = node.isMissingNode() ? "is missing" : "= " + node + " is not allowed";
    return new ReportException(path, key + " " + found + "; " + allowed);
  }
}
