package lot4j.config;

import java.util.Arrays;
import java.util.List;
import lot4j.Require;

/**
 * How long a run goes on.
 *
 * @param unit what is counted
 * @param amount how many, above 0; updates and env-steps are whole numbers
 */
public record Budget(Unit unit, double amount) {
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

    static List<String> keys() {
      return Arrays.stream(values()).map(Unit::key).toList();
    }
  }

  /** Checks the amount. */
  public Budget {
    if (unit.whole()) {
      Require.that(
          amount >= 1 && amount == Math.rint(amount) && amount <= 1e15,
          unit.key(),
          amount,
          "a whole number, 1 or more");
    } else {
      Require.positive(unit.key(), amount);
    }
  }

  /** How often to evaluate by default: every unit, or ten times a run. */
  double defaultInterval() {
    return unit.whole() ? Math.max(1, Math.ceil(amount / 10)) : 1;
  }
}
