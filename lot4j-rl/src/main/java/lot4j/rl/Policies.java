package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.log_softmax;

import lot4j.Distribution;
import lot4j.Distribution.Categorical;
import lot4j.Distribution.DiagonalNormal;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Distributions over actions: how likely an action is, and how open the choice. */
public final class Policies {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private Policies() {}

  /**
   * What a policy says of actions that were taken.
   *
   * @param logProbability natural logarithm of the probability, or of the density, [batch]
   * @param entropy of the distribution, in nats, [batch]
   */
  public record Judgement(Tensor logProbability, Tensor entropy) {}

  /**
   * Judges actions.
   *
   * @param actions [batch] int64 for choices, [batch, action] for numbers
   */
  public static Judgement judge(Distribution distribution, Tensor actions) {
    if (distribution instanceof Categorical categorical) {
      Tensor logs = log_softmax(categorical.logits(), -1);
      Tensor taken = logs.gather(-1, actions.unsqueeze(-1)).squeeze(-1);
      return new Judgement(taken, logs.exp().mul(logs).sum(-1).neg());
    }
    if (distribution instanceof DiagonalNormal normal) {
      Tensor logStd = normal.logStd().expand_as(normal.mean());
      Tensor z = actions.sub(normal.mean()).div(logStd.exp());
      Tensor log = z.square().mul(new Scalar(-0.5)).sub(logStd).sub(new Scalar(LOG_2_PI / 2));
      Tensor entropy = logStd.add(new Scalar(0.5 + LOG_2_PI / 2));
      return new Judgement(log.sum(-1), entropy.sum(-1));
    }
    throw new IllegalArgumentException(
        "policy: a "
            + distribution.getClass().getSimpleName()
            + " is not allowed; logits or a diagonal normal");
  }
}
