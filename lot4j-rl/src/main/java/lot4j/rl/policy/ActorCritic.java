package lot4j.rl.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import lot4j.rl.ActionSpace;
import lot4j.rl.PolicySpec;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * Two multi-layer perceptrons, an actor and a critic, or one with two heads.
 *
 * <p>Layers are {@code actor.0}, {@code actor.2}, … and {@code critic.0}, … as in a PyTorch {@code
 * Sequential} with a nonlinearity between them; shared ones {@code trunk.0}, …. They begin
 * orthogonal: gain √2 in hidden layers, 0.01 at the actor's end, 1 at the critic's. A policy of
 * numbers has a parameter {@code log_std}, the same for every state.
 *
 * <p>Source: J. Schulman et al., "Proximal policy optimization algorithms", 2017, section 6.1: two
 * hidden layers of 64 with tanh, separate networks.
 *
 * @param hidden sizes of the hidden layers, first to last
 * @param activation {@code tanh} or {@code relu}
 * @param shared whether actor and critic share the hidden layers
 * @param logStd logarithm of the standard deviation that a policy of numbers begins with
 * @param normalize whether inputs are brought to mean 0 and deviation 1 by running statistics,
 *     which move with what the network learns from and are part of it
 */
public record ActorCritic(
    List<Integer> hidden, Nonlinearity activation, boolean shared, double logStd, boolean normalize)
    implements PolicySpec {

  /** The nonlinearity after every hidden layer. */
  public enum Nonlinearity {
    /** The hyperbolic tangent. */
    TANH,
    /** max(x, 0). */
    RELU
  }

  public ActorCritic {
    hidden = List.copyOf(hidden);
    hidden.forEach(size -> Require.atLeast("hidden", size, 1));
    Require.within("log-std", logStd, -20, 20);
  }

  /** Two hidden layers of 64 with tanh, separate. */
  public ActorCritic() {
    this(List.of(64, 64), Nonlinearity.TANH, false, 0, false);
  }

  @Override
  public Model build(Shape input, ActionSpace actions) {
    return new Net(this, features(input), actions);
  }

  @Override
  public Census census(Shape input, ActionSpace actions) {
    long in = features(input);
    Census trunk = Census.NONE;
    long width = in;
    for (int size : hidden) {
      trunk = trunk.plus(Census.linear(width, size, true));
      width = size;
    }
    Census heads =
        Census.linear(width, actions.outputs(), true).plus(Census.linear(width, 1, true));
    return trunk.times(shared ? 1 : 2).plus(heads).plus(Heads.deviations(actions));
  }

  private static long features(Shape input) {
    Require.that(!input.tokens(), "input", input, "measurements, not tokens");
    return input.count();
  }

  private static final class Net extends Module implements Model {
    private final ActorCritic spec;
    private final ActionSpace actions;
    private final Stack trunk;
    private final Stack actor;
    private final Stack critic;
    private final Tensor logStd;
    private final Optional<RunningNorm> norm;

    Net(ActorCritic spec, long in, ActionSpace actions) {
      super("ActorCritic");
      this.spec = spec;
      this.actions = actions;
      this.norm =
          spec.normalize()
              ? Optional.of(register_module("norm", new RunningNorm(in)))
              : Optional.empty();
      List<Integer> none = List.of();
      List<Integer> own = spec.shared() ? none : spec.hidden();
      this.trunk = new Stack(in, spec.shared() ? spec.hidden() : none);
      register_module("trunk", trunk);
      this.actor = new Stack(trunk.width(), own).end(actions.outputs(), Heads.ACTOR);
      register_module("actor", actor);
      this.critic = new Stack(trunk.width(), own).end(1, Heads.CRITIC);
      register_module("critic", critic);
      this.logStd = Heads.logStd(this, actions, spec.logStd());
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Heads.asked(() -> output(inputs));
    }

    private Output output(Tensor inputs) {
      Tensor flat = inputs.dim() == 2 ? inputs : inputs.flatten(1, -1);
      Tensor seen = norm.map(n -> n.forward(flat)).orElse(flat);
      Tensor shared = trunk.forward(seen, spec.activation());
      return Heads.output(
          actions,
          actor.forward(shared, spec.activation()),
          logStd,
          critic.forward(shared, spec.activation()));
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return false;
    }
  }

  /** Linear layers with a nonlinearity after each but a last one. */
  private static final class Stack extends Module {
    private final List<LinearImpl> layers = new ArrayList<>();
    private long width;
    private boolean ended;

    Stack(long in, List<Integer> hidden) {
      super("Stack");
      width = in;
      hidden.forEach(size -> add(size, Heads.HIDDEN));
    }

    private void add(long size, double gain) {
      String name = String.valueOf(2 * layers.size());
      layers.add(register_module(name, Heads.orthogonal(new LinearImpl(width, size), gain)));
      width = size;
    }

    Stack end(long size, double gain) {
      add(size, gain);
      ended = true;
      return this;
    }

    long width() {
      return width;
    }

    Tensor forward(Tensor x, Nonlinearity activation) {
      Tensor h = x;
      for (int i = 0; i < layers.size(); i++) {
        h = layers.get(i).forward(h);
        if (!ended || i < layers.size() - 1) {
          h = activation == Nonlinearity.TANH ? Heads.tanh(h) : Heads.relu(h);
        }
      }
      return h;
    }
  }
}
