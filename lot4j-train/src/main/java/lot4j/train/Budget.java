package lot4j.train;

import lot4j.Require;

/**
 * How long a run goes on.
 *
 * @param unit what is counted
 * @param amount how much of it, above 0
 */
public record Budget(Unit unit, double amount) {
  /** What a budget counts. */
  public enum Unit {
    /** Passes over the training data. */
    EPOCHS,
    /** Teacher steps. */
    UPDATES,
    /** The teacher's steps in its environment. */
    ENV_STEPS,
    /** Time spent training; carries no promise of equal bits. */
    MINUTES;

    /** The name in configurations. */
    public String key() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  public Budget {
    Require.positive("budget." + unit.key(), amount);
  }
}
