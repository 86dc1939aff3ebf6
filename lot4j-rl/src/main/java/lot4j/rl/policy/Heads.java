package lot4j.rl.policy;

import static org.bytedeco.pytorch.global.torch.full;

import java.util.Map;
import java.util.function.Supplier;
import lot4j.Census;
import lot4j.Distribution;
import lot4j.Output;
import lot4j.rl.ActionSpace;
import org.bytedeco.pytorch.AutoDispatchBelowADInplaceOrView;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
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

  /** A policy's own numbers beside its weights: a deviation for each dimension, if it needs any. */
  static Census deviations(ActionSpace actions) {
    return new Census(actions instanceof ActionSpace.Box ? actions.outputs() : 0, 0);
  }

  /**
   * The logarithms of a policy's standard deviations, {@code log_std}, [outputs], the same for
   * every state; a parameter of {@code policy} if its actions are numbers.
   */
  static Tensor logStd(Module policy, ActionSpace actions, double begin) {
    Tensor logStd = full(new long[] {actions.outputs()}, new Scalar(begin));
    if (actions instanceof ActionSpace.Box) {
      policy.register_parameter("log_std", logStd);
    }
    return logStd;
  }

  /**
   * A policy's answer. Where no gradient is asked for, the engine's bookkeeping for gradients is
   * passed by: with networks this small it is a good part of every operation. The numbers are the
   * same.
   */
  static Output asked(Supplier<Output> forward) {
    if (GradMode.is_enabled()) {
      return forward.get();
    }
    try (AutoDispatchBelowADInplaceOrView plain = new AutoDispatchBelowADInplaceOrView()) {
      return forward.get();
    }
  }

  /** max(x, 0), in {@code x}'s own memory where no gradient needs what was there. */
  static Tensor relu(Tensor x) {
    return GradMode.is_enabled() ? torch.relu(x) : x.relu_();
  }

  /** The hyperbolic tangent, likewise. */
  static Tensor tanh(Tensor x) {
    return GradMode.is_enabled() ? torch.tanh(x) : x.tanh_();
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
