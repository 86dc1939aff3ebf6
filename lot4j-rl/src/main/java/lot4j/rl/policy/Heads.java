package lot4j.rl.policy;

import java.util.Map;
import lot4j.Distribution;
import lot4j.Output;
import lot4j.rl.ActionSpace;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What policies share: orthogonal beginnings, and outputs by action space. */
final class Heads {
  /** Gain of layers before a ReLU or tanh. */
  static final double HIDDEN = Math.sqrt(2);

  /** Gain of the actor's last layer: every action begins about as likely as any other. */
  static final double ACTOR = 0.01;

  /** Gain of the critic's last layer. */
  static final double CRITIC = 1;

  private Heads() {}

  /**
   * Weights orthogonal, biases 0. Source: A. Saxe et al., "Exact solutions to the nonlinear
   * dynamics of learning in deep linear neural networks", 2014.
   */
  static LinearImpl orthogonal(LinearImpl layer, double gain) {
    begin(layer.weight(), layer.bias(), gain);
    return layer;
  }

  /** The same for a convolution. */
  static Conv2dImpl orthogonal(Conv2dImpl layer, double gain) {
    begin(layer.weight(), layer.bias(), gain);
    return layer;
  }

  private static void begin(Tensor weight, Tensor bias, double gain) {
    try (NoGradGuard constant = new NoGradGuard()) {
      torch.orthogonal_(weight, gain);
      bias.zero_();
    }
  }

  /**
   * The output of a policy.
   *
   * @param actor logits, or means, [batch, outputs]
   * @param logStd [outputs], of a policy of numbers; else unused
   * @param value [batch, 1]
   */
  static Output output(ActionSpace actions, Tensor actor, Tensor logStd, Tensor value) {
    Distribution distribution =
        actions instanceof ActionSpace.Box
            ? new Distribution.DiagonalNormal(actor, logStd)
            : new Distribution.Categorical(actor);
    return new Output(distribution, Map.of("value", value.squeeze(-1)));
  }
}
