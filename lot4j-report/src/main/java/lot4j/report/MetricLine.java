package lot4j.report;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * One line of {@code metrics.jsonl}.
 *
 * @param step teacher steps so far
 * @param split {@code train}, {@code valid} or {@code test}
 * @param numbers every number of the line by its key, {@code epoch}, {@code wall_s}, {@code flops}
 *     and {@code samples} included; nulls are left out
 */
public record MetricLine(long step, String split, Map<String, Double> numbers) {
  /** Keeps a copy of the numbers. */
  public MetricLine {
    numbers = Map.copyOf(numbers);
  }

  /** The number under {@code key}, such as {@code teacher/accuracy}; empty if the line has none. */
  public OptionalDouble number(String key) {
    Double value = numbers.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
