package lot4j.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One round of a sweep: some points with one budget.
 *
 * @param unit of the budget, {@code epochs} for instance
 * @param budget of each run
 * @param scores mean over the seeds by trial; empty for one that has none
 * @param promoted trials that went on, best first; empty for the last round
 */
public record SweepRung(
    String unit, double budget, Map<String, OptionalDouble> scores, List<String> promoted) {
  /** Keeps copies of the collections. */
  public SweepRung {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    promoted = List.copyOf(promoted);
  }
}
