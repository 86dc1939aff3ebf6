package lot4j.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A reader of its own, written from the format's description: 8 bytes little-endian length, JSON,
 * bytes at {@code data_offsets} behind it.
 */
record PlainSafetensors(Map<String, String> metadata, Map<String, Entry> entries) {
  /** A tensor: type, sizes, bytes. */
  record Entry(String type, long[] sizes, byte[] bytes) {
    float[] floats() {
      float[] numbers = new float[bytes.length / 4];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
      return numbers;
    }

    long[] longs() {
      long[] numbers = new long[bytes.length / 8];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(numbers);
      return numbers;
    }
  }

  static PlainSafetensors read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    int length = Math.toIntExact(ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong());
    JsonNode header =
        new ObjectMapper().readTree(new String(all, 8, length, StandardCharsets.UTF_8));
    Map<String, String> metadata = new TreeMap<>();
    Map<String, Entry> entries = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (field.getKey().equals("__metadata__")) {
        field.getValue().properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        continue;
      }
      JsonNode at = field.getValue().get("data_offsets");
      JsonNode shape = field.getValue().get("shape");
      long[] sizes = new long[shape.size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = shape.get(i).asLong();
      }
      int begin = 8 + length;
      entries.put(
          field.getKey(),
          new Entry(
              field.getValue().get("dtype").asText(),
              sizes,
              Arrays.copyOfRange(all, begin + at.get(0).asInt(), begin + at.get(1).asInt())));
    }
    return new PlainSafetensors(metadata, entries);
  }
}
