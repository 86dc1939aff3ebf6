package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One point of a sweep.
 *
 * @param id its name in the sweep
 * @param values key paths and their values
 * @param rung the last round that it reached, from 0
 * @param score what it is ranked by
 * @param baselines the same runs by other methods; empty where none were asked for, and in rounds
 *     before the last
 */
public record SweepTrial(
    String id,
    Map<String, JsonNode> values,
    int rung,
    SweepScore score,
    List<SweepScore> baselines) {
  /** Keeps copies of the collections. */
  public SweepTrial {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    baselines = List.copyOf(baselines);
  }

  /** {@code lot.alpha=0.3 lot.steps=1}. */
  public String words() {
    return values.entrySet().stream()
        .map(value -> value.getKey() + "=" + shown(value.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** The value of a key as a reader knows it. */
  String value(String key) {
    return shown(values.get(key));
  }

  Optional<SweepScore> baseline(String label) {
    return baselines.stream().filter(score -> score.label().equals(label)).findFirst();
  }

  /** A value on one line, a text without quotes. */
  static String shown(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
