package lot4j.method;

import lot4j.Require;

/**
 * What the students go through once more after each epoch of the task's stream: everything that
 * their own stream holds then.
 *
 * <p>Source: the authors' released PPO program, which repeats its student step over all cached
 * rollouts after each rollout's updates.
 *
 * @param passes how often, 1 or more
 * @param states the most that the stream holds, 1 or more
 */
public record Review(int passes, long states) {
  public Review {
    Require.atLeast("replay.passes", passes, 1);
    Require.atLeast("replay.states", states, 1L);
  }
}
