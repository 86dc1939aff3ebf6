package lot4j.optim;

import static org.bytedeco.pytorch.global.torch.add_out;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.empty_like;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Stochastic gradient descent with momentum, as PyTorch computes it: the first momentum is the
 * gradient itself, weight decay is added to the gradient. Sources: B. Polyak, 1964; Nesterov's form
 * after I. Sutskever et al., "On the importance of initialization and momentum in deep learning",
 * 2013; PyTorch, {@code torch.optim.SGD}. The defaults are those of the released LoT code for
 * CIFAR.
 *
 * @param lr base learning rate, 0 or more
 * @param momentum in [0, 1)
 * @param nesterov whether to look ahead; needs momentum
 * @param weightDecay factor of the weights added to the gradient, 0 or more
 * @param clip largest gradient norm
 */
public record Sgd(double lr, double momentum, boolean nesterov, double weightDecay, Clip clip)
    implements OptimizerSpec {
  public Sgd {
    Require.atLeast("lr", lr, 0.0);
    Require.below("momentum", momentum, 0, 1);
    Require.that(
        !nesterov || momentum > 0, "nesterov", nesterov, "false unless momentum is above 0");
    Require.atLeast("weight-decay", weightDecay, 0.0);
  }

  /** Learning rate 0.1, Nesterov momentum 0.9, weight decay 1e-4. */
  public static Sgd defaults() {
    return new Sgd(0.1, 0.9, true, 1e-4, Clip.none());
  }

  /** Plain descent: no momentum, no decay, no clipping. */
  public static Sgd plain(double lr) {
    return new Sgd(lr, 0, false, 0, Clip.none());
  }

  @Override
  public Optimizer over(Weights weights) {
    return new Running(this, weights);
  }

  private static final class Running implements Optimizer {
    private final Sgd spec;
    private final Weights weights;
    private final Tensor momentum;
    private final Tensor scratch;
    private final Scalar decay;
    private final Scalar keep;

    Running(Sgd spec, Weights weights) {
      this.spec = spec;
      this.weights = weights;
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        // What these settings do not need takes no memory.
        Tensor nothing = empty(0);
        boolean mixes = spec.weightDecay > 0 || spec.nesterov;
        Tensor like = weights.values();
        this.momentum = (spec.momentum > 0 ? zeros_like(like) : nothing).retainReference();
        this.scratch = (mixes ? empty_like(like) : nothing).retainReference();
        this.decay = new Scalar(spec.weightDecay).retainReference();
        this.keep = new Scalar(spec.momentum).retainReference();
      }
    }

    @Override
    public void step(double lr) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        Tensor direction = weights.gradients();
        if (spec.weightDecay > 0) {
          direction = add_out(scratch, direction, weights.values(), decay);
        }
        if (spec.momentum > 0) {
          momentum.mul_(keep).add_(direction);
          direction = spec.nesterov ? add_out(scratch, direction, momentum, keep) : momentum;
        }
        weights.values().add_(direction, new Scalar(-lr));
      }
    }

    @Override
    public void save(StateWriter out) {
      if (spec.momentum > 0) {
        out.tensor("momentum", momentum);
      }
    }

    @Override
    public void restore(StateReader in) {
      if (spec.momentum > 0) {
        in.into("momentum", momentum);
      }
    }

    @Override
    public void close() {
      momentum.close();
      scratch.close();
      decay.close();
      keep.close();
    }
  }
}
