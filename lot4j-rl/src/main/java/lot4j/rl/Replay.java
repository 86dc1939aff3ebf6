package lot4j.rl;

import lot4j.Require;
import lot4j.method.ReviewPlan;

/**
 * The section {@code replay}: what the students learn on.
 *
 * @param states how many of the most recent states are kept, 1 or more; the paper's 10,240
 * @param passes over all of them after each rollout, 0 or more; the released code makes 5
 */
public record Replay(int states, int passes) implements ReviewPlan {
  public Replay {
    Require.atLeast("states", states, 1);
    Require.atLeast("passes", passes, 0);
  }

  /** 10,240 states, no passes of their own. */
  public static Replay standard() {
    return new Replay(10_240, 0);
  }
}
