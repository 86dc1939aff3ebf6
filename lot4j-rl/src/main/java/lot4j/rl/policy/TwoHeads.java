package lot4j.rl.policy;

import lot4j.Census;
import lot4j.Output;
import lot4j.rl.ActionSpace;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** The end of a policy whose actor and critic share everything before: one layer each. */
final class TwoHeads {
  private final ActionSpace actions;
  private final LinearImpl actor;
  private final LinearImpl critic;
  private final Tensor logStd;

  /**
   * Layers {@code actor} and {@code critic} of {@code policy}, and its deviations if it has any.
   */
  TwoHeads(Module policy, long features, ActionSpace actions) {
    this.actions = actions;
    this.actor =
        policy.register_module(
            "actor", Heads.orthogonal(new LinearImpl(features, actions.outputs()), Heads.ACTOR));
    this.critic =
        policy.register_module(
            "critic", Heads.orthogonal(new LinearImpl(features, 1), Heads.CRITIC));
    this.logStd = Heads.logStd(policy, actions, 0);
  }

  /** Their size. */
  static Census census(long features, ActionSpace actions) {
    return Census.linear(features, actions.outputs(), true)
        .plus(Census.linear(features, 1, true))
        .plus(Heads.deviations(actions));
  }

  /** The policy's output from [batch, features]. */
  Output output(Tensor features) {
    return Heads.output(actions, actor.forward(features), logStd, critic.forward(features));
  }
}
