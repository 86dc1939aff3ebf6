package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One key of a sweep.
 *
 * @param key dotted path
 * @param text the values as they were written on the command line
 * @param values the listed values in order; empty for a range
 */
public record SweepAxis(String key, String text, List<JsonNode> values) {
  /** Keeps a copy of the list. */
  public SweepAxis {
    values = List.copyOf(values);
  }
}
