package lot4j.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JSON at the head of a safetensors file, parsed strictly.
 *
 * @param entries where every tensor lies, by name
 * @param metadata the texts of {@code __metadata__}
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
  /** The one name in a header that is no tensor's. */
  static final String METADATA = "__metadata__";

  private static final int MOST_AXES = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** One tensor: its type, its shape, and its bytes {@code [begin, end)} behind the header. */
  record Entry(ElementType type, List<Long> shape, long begin, long end) {
    long bytes() {
      return end - begin;
    }

    long[] sizes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /**
   * Reads a header whose tensors must fill {@code dataBytes} without a hole or an overlap.
   *
   * @throws CheckpointException with what is wrong, without the file's name
   */
  static SafetensorsHeader parse(String json, long dataBytes) {
    if (!json.startsWith("{")) {
      throw new CheckpointException("its header does not begin with '{'");
    }
    Map<String, Entry> entries = new TreeMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) {
          readMetadata(parser, metadata);
        } else {
          entries.put(name, readEntry(parser, name));
        }
      }
      if (parser.nextToken() != null) {
        throw new CheckpointException("its header goes on behind the closing '}'");
      }
    } catch (JsonProcessingException e) {
      throw new CheckpointException("its header is not JSON; " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException("its header is not JSON; " + e.getMessage(), e);
    }
    requireSeamless(entries, dataBytes);
    return new SafetensorsHeader(
        Collections.unmodifiableMap(entries), Collections.unmodifiableMap(metadata));
  }

  private static void readMetadata(JsonParser parser, Map<String, String> metadata)
      throws IOException {
    require(parser.currentToken() == JsonToken.START_OBJECT, METADATA, "is not an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      require(parser.nextToken() == JsonToken.VALUE_STRING, METADATA, "has a non-text");
      metadata.put(key, parser.getText());
    }
  }

  private static Entry readEntry(JsonParser parser, String name) throws IOException {
    require(parser.currentToken() == JsonToken.START_OBJECT, name, "is not an object");
    Optional<ElementType> type = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> type = Optional.of(readType(parser, name));
        case "shape" -> shape = Optional.of(readNumbers(parser, name, key, MOST_AXES));
        case "data_offsets" -> offsets = Optional.of(readNumbers(parser, name, key, 2));
        default -> throw new CheckpointException(quote(name) + ": unknown key " + quote(key));
      }
    }
    require(type.isPresent(), name, "has no dtype");
    require(shape.isPresent(), name, "has no shape");
    require(offsets.isPresent() && offsets.get().size() == 2, name, "has no two data_offsets");
    long begin = offsets.get().get(0);
    long end = offsets.get().get(1);
    require(begin <= end, name, "ends before it begins");
    long bytes = size(name, type.get(), shape.get());
    require(end - begin == bytes, name, "has " + (end - begin) + " bytes, its shape " + bytes);
    return new Entry(type.get(), List.copyOf(shape.get()), begin, end);
  }

  private static ElementType readType(JsonParser parser, String name) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_STRING, name, "has a dtype that is no text");
    String text = parser.getText();
    return ElementType.named(text)
        .orElseThrow(
            () ->
                new CheckpointException(
                    quote(name)
                        + ": dtype "
                        + quote(text)
                        + " is not allowed; "
                        + Arrays.toString(ElementType.values())));
  }

  private static List<Long> readNumbers(JsonParser parser, String name, String key, int most)
      throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, name, "has a " + key + " of no list");
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean whole =
          parser.currentToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      require(whole && parser.getLongValue() >= 0, name, "has a " + key + " of no whole numbers");
      require(numbers.size() < most, name, "has a " + key + " of more than " + most);
      numbers.add(parser.getLongValue());
    }
    return numbers;
  }

  /** The product must not overflow, not even where a zero hides it: strides leave zeros out. */
  private static long size(String name, ElementType type, List<Long> shape) {
    long product = type.bytes();
    boolean empty = false;
    for (long axis : shape) {
      empty |= axis == 0;
      long factor = Math.max(axis, 1);
      require(product <= Long.MAX_VALUE / factor, name, "has a shape too large to exist");
      product *= factor;
    }
    return empty ? 0 : product;
  }

  private static void requireSeamless(Map<String, Entry> entries, long dataBytes) {
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
    inOrder.sort(
        Comparator.<Map.Entry<String, Entry>>comparingLong(e -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long at = 0;
    for (Map.Entry<String, Entry> entry : inOrder) {
      long begin = entry.getValue().begin();
      require(begin >= at, entry.getKey(), "overlaps another tensor");
      require(begin == at, entry.getKey(), "begins behind a hole");
      at = entry.getValue().end();
    }
    if (at != dataBytes) {
      throw new CheckpointException(
          "it holds " + dataBytes + " bytes of data, its header describes " + at);
    }
  }

  private static void require(boolean held, String name, String what) {
    if (!held) {
      throw new CheckpointException(quote(name) + " " + what);
    }
  }

  /** A name from a file, short and without control characters. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("'");
    text.codePoints()
        .limit(200)
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append(text.length() > 200 ? "…'" : "'").toString();
  }
}
