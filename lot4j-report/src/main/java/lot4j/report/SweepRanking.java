package lot4j.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Who is better: of trials with scores, the one order that every part of a sweep goes by. */
public final class SweepRanking {
  /** Means of the same values summed in another order differ in their last digits. */
  private static final MathContext EQUAL = new MathContext(12);

  private SweepRanking() {}

  /**
   * All ids, best first.
   *
   * @param scores nothing for a trial that diverged, failed or is not finished: it comes last;
   *     equal scores, to 12 digits, keep the order of the map
   */
  public static List<String> of(Map<String, OptionalDouble> scores, boolean higherIsBetter) {
    List<String> ids = new ArrayList<>(scores.keySet());
    ids.sort(
        Comparator.comparingDouble(
            id -> {
              OptionalDouble score = scores.get(id);
              if (score.isEmpty()) {
                return Double.POSITIVE_INFINITY;
              }
              double value = new BigDecimal(score.getAsDouble()).round(EQUAL).doubleValue();
              return higherIsBetter ? -value : value;
            }));
    return List.copyOf(ids);
  }
}
