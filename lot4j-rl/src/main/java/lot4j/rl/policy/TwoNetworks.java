package lot4j.rl.policy;

import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Shape;
import lot4j.rl.ActionSpace;
import lot4j.rl.PolicySpec;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * A policy of any network that gives logits: one such network acts, another of the same kind with
 * one output values. Their parameters are under {@code actor} and {@code critic}. It has no name of
 * its own in configurations: the network's is what stands there.
 */
public final class TwoNetworks implements PolicySpec {
  private final ModelSpec network;

  /**
   * Two of a kind.
   *
   * @param network what both are
   */
  public TwoNetworks(ModelSpec network) {
    this.network = network;
  }

  @Override
  public Model build(Shape input, ActionSpace actions) {
    return new Net(network, input, actions);
  }

  @Override
  public Census census(Shape input, ActionSpace actions) {
    return network
        .census(input, actions.outputs())
        .plus(network.census(input, 1))
        .plus(Heads.deviations(actions));
  }

  private static final class Net extends Module implements Model {
    private final Model actor;
    private final Model critic;
    private final ActionSpace actions;
    private final Tensor logStd;

    Net(ModelSpec network, Shape input, ActionSpace actions) {
      super("TwoNetworks");
      this.actions = actions;
      actor = network.build(input, actions.outputs());
      register_module("actor", actor.module());
      critic = network.build(input, 1);
      register_module("critic", critic.module());
      logStd = Heads.logStd(this, actions, 0);
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Heads.output(
          actions,
          actor.forward(inputs, memory).logits(),
          logStd,
          critic.forward(inputs, memory).logits());
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return actor.stochastic();
    }
  }
}
