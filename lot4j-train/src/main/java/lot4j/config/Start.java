package lot4j.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import lot4j.Require;

/**
 * When the regularizer begins.
 *
 * @param step the first teacher step with α; 0 where {@code afterFirstRollout}
 * @param afterFirstRollout whether it waits for the first rollout's last update instead
 */
public record Start(long step, boolean afterFirstRollout) {
  private static final String WORD = "after-first-rollout";
  private static final String ALLOWED = "a whole number, 0 or more, or " + WORD;

  /** At a teacher step. */
  public static Start at(long step) {
    return new Start(step, false);
  }

  /** After the first rollout, for reinforcement learning. */
  public static Start rollout() {
    return new Start(0, true);
  }

  /** From what a configuration holds. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Start read(Object written) {
    if (written instanceof Integer || written instanceof Long) {
      long step = ((Number) written).longValue();
      Require.that(step >= 0, "value", step, ALLOWED);
      return at(step);
    }
    Require.that(WORD.equals(written), "value", written, ALLOWED);
    return rollout();
  }

  @JsonValue
  Object written() {
    return afterFirstRollout ? WORD : (Object) step;
  }
}
