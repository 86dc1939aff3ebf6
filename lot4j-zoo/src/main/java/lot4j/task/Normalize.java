package lot4j.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lot4j.Require;
import lot4j.data.Normalization;

/**
 * How pixels become numbers: {@code auto} ({@code scale} for the built-in digits, else {@code
 * train}), {@code scale} (0 to 1), {@code train} (mean and deviation of each channel over the
 * training split), {@code half} ((x − 0.5) / 0.5, the released code's), or {@code {mean: […], std:
 * […]}}.
 */
public sealed interface Normalize {
  /** A name, or mean and std. */
  @JsonValue
  Object written();

  /** From a name or a map. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Normalize of(Object written) {
    if (written instanceof Map<?, ?> map) {
      Require.that(
          map.keySet().equals(Set.of("mean", "std")),
          "task.normalize",
          map.keySet(),
          "mean and std");
      return new Given(new Normalization(numbers(map, "mean"), numbers(map, "std")));
    }
    for (Rule rule : Rule.values()) {
      if (rule.written().equals(written)) {
        return rule;
      }
    }
    throw new IllegalArgumentException(
        "task.normalize = "
            + written
            + " is not allowed; auto, scale, train, half, or {mean: […], std: […]}");
  }

  private static List<Double> numbers(Map<?, ?> map, String key) {
    Object list = map.get(key);
    Require.that(
        list instanceof List<?> l && l.stream().allMatch(Number.class::isInstance),
        "task.normalize." + key,
        list,
        "a list of numbers");
    return ((List<?>) list).stream().map(n -> ((Number) n).doubleValue()).toList();
  }

  /** A rule with a name. */
  enum Rule implements Normalize {
    /** Scale for the built-in digits, else train. */
    AUTO,
    /** Pixels in 0 to 1, unchanged. */
    SCALE,
    /** Mean and deviation of the training split. */
    TRAIN,
    /** (x − 0.5) / 0.5. */
    HALF;

    @Override
    public String written() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Given numbers.
   *
   * @param numbers one mean and one deviation a channel
   */
  record Given(Normalization numbers) implements Normalize {
    @Override
    public Object written() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("mean", numbers.mean());
      map.put("std", numbers.std());
      return map;
    }
  }
}
