package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Interval;

/** Numbers in documents: one that does not exist is null, with {@code <key>_reason} beside it. */
final class JsonNumbers {
  private JsonNumbers() {}

  /** Whole numbers are written as such: updates and FLOPs are counts. */
  static void number(ObjectNode node, String key, OptionalDouble value, String reason) {
    if (value.isEmpty()) {
      node.putNull(key).put(key + "_reason", reason);
    } else if (value.getAsDouble() == Math.rint(value.getAsDouble())
        && Math.abs(value.getAsDouble()) < 0x1p53) {
      node.put(key, (long) value.getAsDouble());
    } else {
      node.put(key, value.getAsDouble());
    }
  }

  static void interval(ObjectNode node, String key, Optional<Interval> interval, String reason) {
    if (interval.isEmpty()) {
      node.putNull(key).put(key + "_reason", reason);
    } else {
      node.putArray(key).add(interval.get().low()).add(interval.get().high());
    }
  }
}
