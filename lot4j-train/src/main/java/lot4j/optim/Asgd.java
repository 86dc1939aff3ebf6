package lot4j.optim;

import static org.bytedeco.pytorch.global.torch.add_out;
import static org.bytedeco.pytorch.global.torch.empty_like;

import java.util.Optional;
import lot4j.Require;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Averaged stochastic gradient descent: the plain iterates go on, their mean from step {@code t0}
 * on stands beside them. Sources: B. Polyak and A. Juditsky, "Acceleration of stochastic
 * approximation by averaging", 1992; PyTorch, {@code torch.optim.ASGD}; used for language models by
 * S. Merity et al., "Regularizing and optimizing LSTM language models", 2018. A schedule's rate
 * takes part in the decay of the step size at once (PyTorch's a step later).
 *
 * @param lr base learning rate, 0 or more
 * @param lambd decay of the weights and of the step size, 0 or more
 * @param alpha power of the step size's decay, 0 or more
 * @param t0 step at which averaging begins, 0 or more
 * @param weightDecay factor of the weights added to the gradient, 0 or more
 * @param clip largest gradient norm
 */
public record Asgd(double lr, double lambd, double alpha, double t0, double weightDecay, Clip clip)
    implements OptimizerSpec {
  public Asgd {
    Require.atLeast("lr", lr, 0.0);
    Require.atLeast("lambd", lambd, 0.0);
    Require.atLeast("alpha", alpha, 0.0);
    Require.atLeast("t0", t0, 0.0);
    Require.atLeast("weight-decay", weightDecay, 0.0);
  }

  /** Learning rate 0.01, lambd 1e-4, alpha 0.75, averaging from step 1e6 on, no decay. */
  public static Asgd defaults() {
    return new Asgd(0.01, 1e-4, 0.75, 1e6, 0, Clip.none());
  }

  @Override
  public Optimizer over(Weights weights) {
    return new Running(this, weights);
  }

  private static final class Running implements Optimizer {
    private final Asgd spec;
    private final Weights weights;
    private final Tensor average;
    private final Tensor scratch;
    private long done;

    Running(Asgd spec, Weights weights) {
      this.spec = spec;
      this.weights = weights;
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        this.average = weights.values().clone().retainReference();
        this.scratch = empty_like(weights.values()).retainReference();
      }
    }

    @Override
    public void step(double lr) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        double eta = lr / Math.pow(1 + spec.lambd * lr * done, spec.alpha);
        Tensor values = weights.values();
        Tensor gradient = weights.gradients();
        if (spec.weightDecay > 0) {
          gradient = add_out(scratch, gradient, values, new Scalar(spec.weightDecay));
        }
        values.mul_(new Scalar(1 - spec.lambd * eta)).add_(gradient, new Scalar(-eta));
        average.lerp_(values, new Scalar(1 / Math.max(1, done - spec.t0)));
        done++;
      }
    }

    @Override
    public Optional<Tensor> averaging() {
      return Optional.of(average);
    }

    @Override
    public void save(StateWriter out) {
      out.number("steps", done);
      out.tensor("average", average);
    }

    @Override
    public void restore(StateReader in) {
      done = in.number("steps");
      in.into("average", average);
    }

    @Override
    public void close() {
      average.close();
      scratch.close();
    }
  }
}
