package lot4j.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One line of {@code metrics.jsonl}, read without a tree.
 *
 * @param split {@code train}, {@code valid} or {@code test}; without a space
 * @param numbers every finite number by its key, {@code step}, {@code samples}, {@code flops} and
 *     {@code wall_s} included
 */
record Line(String split, Map<String, Double> numbers) {
  /** So many numbers are no line of ours; the rest is left out. */
  private static final int MOST_NUMBERS = 400;

  private static final int LONGEST_NAME = 200;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(50).build())
          .build();

  /** A damaged line is empty: the page shows what can be read, {@code lot report} complains. */
  static Optional<Line> of(String line) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    String split = "";
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value.isNumeric()) {
          double number = parser.getDoubleValue();
          if (Double.isFinite(number)
              && numbers.size() < MOST_NUMBERS
              && key.length() <= LONGEST_NAME) {
            numbers.put(key, number);
          }
        } else if (value == JsonToken.VALUE_STRING && key.equals("split")) {
          split = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    // A curve is named by split and metric with a space between: no split has one.
    boolean ours =
        !split.isEmpty()
            && split.length() <= LONGEST_NAME
            && split.indexOf(' ') < 0
            && numbers.containsKey("step");
    return ours ? Optional.of(new Line(split, numbers)) : Optional.empty();
  }

  /** The number under {@code key}, empty if the line has none. */
  OptionalDouble number(String key) {
    Double value = numbers.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
