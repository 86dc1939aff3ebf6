package lot4j.config;

import java.util.Arrays;
import java.util.List;
import lot4j.Require;

/**
 * How long a run goes on.
 *
 * @param unit what is counted
 * @param amount how many, above 0 and at most 1e15; updates and env-steps are whole numbers
 */
public record Budget(Unit unit, double amount) {
  /** The largest amount: whole numbers up to it are exact, and so is what is counted from them. */
  static final double MOST = 1e15;

  /** What a budget counts. */
  public enum Unit {
    /** Passes of the teacher over its training data. */
    EPOCHS,
    /** Teacher updates. */
    UPDATES,
    /** Steps of the agent in its environments. */
    ENV_STEPS,
    /** Minutes of training; carries no promise of equal bits. */
    MINUTES;

    /** The key under {@code budget}. */
    public String key() {
      return Keys.word(this);
    }

    /** Whether parts of one make no sense. */
    public boolean whole() {
      return this == UPDATES || this == ENV_STEPS;
    }

    /** What there may be in place of an amount, in words. */
    String allowed(double instead) {
      return instead > MOST
          ? "at most 1e15"
          : whole() ? "a whole number, 1 or more" : "a number above 0";
    }

    static List<String> keys() {
      return Arrays.stream(values()).map(Unit::key).toList();
    }
  }

  /** Checks the amount. */
  public Budget {
    boolean fits = unit.whole() ? amount >= 1 && amount == Math.rint(amount) : amount > 0;
    Require.that(fits && amount <= MOST, unit.key(), amount, unit.allowed(amount));
  }

  /** How often to evaluate by default: every unit, or ten times a run. */
  double defaultInterval() {
    return unit.whole() ? Math.max(1, Math.ceil(amount / 10)) : 1;
  }
}
