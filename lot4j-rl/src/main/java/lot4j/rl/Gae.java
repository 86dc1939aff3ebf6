package lot4j.rl;

import lot4j.Require;

/**
 * Generalized advantage estimation over one rollout: Â_t = Σ_k (γλ)^k δ_{t+k} with δ_t = r_t + γ
 * V(s_{t+1}) − V(s_t), up to the end of the episode.
 *
 * <p>Source: J. Schulman et al., "High-dimensional continuous control using generalized advantage
 * estimation", 2016, equation 16. A time-limit end bootstraps from the value of the last
 * observation; a real end does not.
 *
 * @param gamma γ, how much a reward one step later counts, [0, 1]
 * @param lambda λ, how far advantages look, [0, 1]
 */
public record Gae(double gamma, double lambda) {
  public Gae {
    Require.within("gamma", gamma, 0, 1);
    Require.within("gae-lambda", lambda, 0, 1);
  }

  /**
   * The advantages of a rollout, not normalised. All arrays are [time, env], environments of one
   * time beside each other; computed in double precision.
   *
   * @param envs how many environments
   * @param rewards undiscounted
   * @param values [time + 1, env]; the last row values the observations after the rollout
   * @param terminated whether the step ended its episode by the world's own rules
   * @param truncated whether the step's episode was cut off
   * @param finalValues values of the last observations where cut off, elsewhere ignored
   * @return [time, env]
   * @throws IllegalArgumentException naming the argument if a length differs from the above
   */
  public double[] advantages(
      int envs,
      double[] rewards,
      double[] values,
      boolean[] terminated,
      boolean[] truncated,
      double[] finalValues) {
    int steps = rewards.length;
    boolean whole = steps % Require.atLeast("envs", envs, 1) == 0;
    Require.that(whole, "rewards", steps, "numbers for every one of " + envs + " environments");
    same("values", values.length, steps + envs);
    same("terminated", terminated.length, steps);
    same("truncated", truncated.length, steps);
    same("finalValues", finalValues.length, steps);
    double[] advantages = new double[steps];
    for (int i = steps - 1; i >= 0; i--) {
      boolean ended = terminated[i] || truncated[i];
      double next = terminated[i] ? 0 : truncated[i] ? finalValues[i] : values[i + envs];
      double delta = rewards[i] + gamma * next - values[i];
      boolean last = ended || i + envs >= steps;
      advantages[i] = last ? delta : delta + gamma * lambda * advantages[i + envs];
    }
    return advantages;
  }

  private static void same(String name, int length, int expected) {
    Require.that(length == expected, name, length, expected + " numbers");
  }
}
