package lot4j.rl;

import java.util.Optional;
import lot4j.Require;

/**
 * The section {@code ppo}. Its defaults are those of the paper's Atari experiments as the public
 * code has them, but for the clipping of 0.2 that most environments use.
 *
 * @param gamma γ of returns, [0, 1]
 * @param gaeLambda λ of advantages, [0, 1]
 * @param epochs passes over each rollout, 1 or more
 * @param clip ε: how far the ratio counts, above 0
 * @param valueClip how far a value may move from the rollout's, above 0; none: as far as it likes
 * @param valueCoefficient weight of the value loss, 0 or more
 * @param entropy weight of the entropy bonus, 0 or more
 * @param normalizeAdvantages whether each minibatch's advantages get mean 0 and deviation 1
 * @param normalizeRewards whether rewards are divided by the running deviation of their discounted
 *     sum, as learning takes them; results count them as they are
 * @param targetKl above this approximate KL from the rollout's policy its remaining minibatches are
 *     passed over; none: never
 */
public record PpoConfig(
    double gamma,
    double gaeLambda,
    int epochs,
    double clip,
    Optional<Double> valueClip,
    double valueCoefficient,
    double entropy,
    boolean normalizeAdvantages,
    boolean normalizeRewards,
    Optional<Double> targetKl) {
  public PpoConfig {
    Require.within("gamma", gamma, 0, 1);
    Require.within("gae-lambda", gaeLambda, 0, 1);
    Require.atLeast("epochs", epochs, 1);
    Require.positive("clip", clip);
    valueClip.ifPresent(c -> Require.positive("value-clip", c));
    Require.atLeast("value-coefficient", valueCoefficient, 0.0);
    Require.atLeast("entropy", entropy, 0.0);
    targetKl.ifPresent(kl -> Require.positive("target-kl", kl));
  }

  /** γ 0.99, λ 0.95, 4 epochs, ε 0.2 for both, value 0.5, entropy 0.01. */
  public static PpoConfig standard() {
    return new PpoConfig(
        0.99, 0.95, 4, 0.2, Optional.of(0.2), 0.5, 0.01, true, false, Optional.empty());
  }

  /** The same where whoever cuts the minibatches has normalised their advantages. */
  PpoConfig normalised() {
    return new PpoConfig(
        gamma,
        gaeLambda,
        epochs,
        clip,
        valueClip,
        valueCoefficient,
        entropy,
        false,
        normalizeRewards,
        targetKl);
  }

  /** The advantages' estimator. */
  public Gae gae() {
    return new Gae(gamma, gaeLambda);
  }
}
