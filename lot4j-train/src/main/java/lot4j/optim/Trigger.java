package lot4j.optim;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;

/**
 * When averaging begins: as soon as a validation score is worse than the best of all evaluations
 * but the last {@code interval}. Source: S. Merity et al., "Regularizing and optimizing LSTM
 * language models", 2018, algorithm 1, whose interval is 5.
 *
 * @param interval 1 or more; empty waits for no score
 */
public record Trigger(OptionalInt interval) {
  private static final String ALLOWED = "a whole number from 1 to 2147483647, or none";

  public Trigger {
    Require.that(interval.orElse(1) >= 1, "trigger", interval.orElse(1), ALLOWED);
  }

  /** Waits for no score. */
  public static Trigger none() {
    return new Trigger(OptionalInt.empty());
  }

  /** Lets the last {@code interval} evaluations pass. */
  public static Trigger after(int interval) {
    return new Trigger(OptionalInt.of(interval));
  }

  /** From a configuration: {@code none} or a whole number. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Trigger of(Object value) {
    boolean whole = value instanceof Integer || value instanceof Long;
    Require.that(whole || "none".equals(value), "trigger", value, ALLOWED);
    if (!whole) {
      return none();
    }
    long interval = ((Number) value).longValue();
    Require.that(interval >= 1 && interval <= Integer.MAX_VALUE, "trigger", interval, ALLOWED);
    return after((int) interval);
  }

  /** The same in a configuration. */
  @JsonValue
  public Object json() {
    return interval.isPresent() ? (Object) interval.getAsInt() : "none";
  }

  /** A watch over the scores of one run. */
  Watch watch() {
    return new Watch(interval);
  }

  @Override
  public String toString() {
    return json().toString();
  }

  /** Remembers the last scores, and the best of those before. */
  static final class Watch implements Stateful {
    private final OptionalInt interval;
    private final Deque<Double> last = new ArrayDeque<>();
    private double best = Double.NaN;

    Watch(OptionalInt interval) {
      this.interval = interval;
    }

    /**
     * Takes note of a score and tells whether it is worse than the best but the last ones. A score
     * that is not a number never is, and is no best.
     */
    boolean worsened(double score, boolean higherIsBetter) {
      if (interval.isEmpty()) {
        return false;
      }
      boolean worse = higherIsBetter ? score < best : score > best;
      last.addLast(score);
      if (last.size() > interval.getAsInt()) {
        double passed = last.removeFirst();
        boolean better = higherIsBetter ? passed > best : passed < best;
        best = better || Double.isNaN(best) ? passed : best;
      }
      return worse;
    }

    @Override
    public void save(StateWriter out) {
      out.real("best", best);
      out.number("last.size", last.size());
      int i = 0;
      for (double score : last) {
        out.real("last." + i++, score);
      }
    }

    @Override
    public void restore(StateReader in) {
      best = in.real("best");
      last.clear();
      long size = in.number("last.size");
      for (int i = 0; i < size; i++) {
        last.addLast(in.real("last." + i));
      }
    }
  }
}
