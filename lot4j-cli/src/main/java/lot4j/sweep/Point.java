package lot4j.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A value for each key of a sweep.
 *
 * @param values key paths and their values, YAML each, in the order of the axes
 */
public record Point(Map<String, String> values) {
  /** Keeps a copy of the map. */
  public Point {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** {@code lot.alpha=0.3 lot.steps=1}. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(value -> value.getKey() + "=" + value.getValue())
        .collect(Collectors.joining(" "));
  }
}
