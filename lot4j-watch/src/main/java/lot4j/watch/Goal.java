package lot4j.watch;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a run is to do, from its resolved configuration.
 *
 * @param unit what is counted
 * @param amount how much of it, more than 0
 */
record Goal(Unit unit, double amount) {
  private static final Pattern BUDGET =
      Pattern.compile(
          "(?m)^budget:\\s*\\{?\\s*(epochs|updates|env-steps|minutes):\\s*([0-9][0-9.eE+_]*)");

  /** The budget's units and the keys of a line that say how much is done. */
  enum Unit {
    EPOCHS("epoch", 1),
    UPDATES("step", 1),
    ENV_STEPS("samples", 1),
    MINUTES("wall_s", 60);

    private final String key;
    private final double size;

    Unit(String key, double size) {
      this.key = key;
      this.size = size;
    }
  }

  /** Empty if the text names no budget. */
  static Optional<Goal> of(String config) {
    Matcher budget = BUDGET.matcher(config);
    if (!budget.find()) {
      return Optional.empty();
    }
    Unit unit = Unit.valueOf(budget.group(1).replace('-', '_').toUpperCase(java.util.Locale.ROOT));
    try {
      double amount = Double.parseDouble(budget.group(2).replace("_", ""));
      return amount > 0 && Double.isFinite(amount)
          ? Optional.of(new Goal(unit, amount))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Part of the budget that is used at {@code line}, 0 to 1. */
  OptionalDouble fraction(Line line) {
    OptionalDouble done = line.number(unit.key);
    return done.isEmpty()
        ? done
        : OptionalDouble.of(Math.max(0, Math.min(1, done.getAsDouble() / unit.size / amount)));
  }
}
