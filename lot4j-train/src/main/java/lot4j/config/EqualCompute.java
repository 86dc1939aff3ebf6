package lot4j.config;

import lot4j.Require;

/**
 * The section {@code equal-compute} of a resolved configuration whose method matches another's
 * compute or steps.
 *
 * @param updates teacher updates to make, whatever the budget says; schedule, warm-up, milestones,
 *     averaging and the intervals of evaluations and checkpoints are stretched with them
 */
public record EqualCompute(long updates) {
  /** Checks the value. */
  public EqualCompute {
    Require.atLeast("updates", updates, 1L);
  }
}
