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
 * <p>With a trigger it is plain SGD, its average the weights themselves, until the trigger's
 * moment; from there on what PyTorch's would be if it began there with {@code t0} 0.
 *
 * @param lr base learning rate, 0 or more
 * @param lambd decay of the weights and of the step size, 0 or more
 * @param alpha power of the step size's decay, 0 or more
 * @param t0 step at which averaging begins, 0 or more; has no effect with a trigger
 * @param weightDecay factor of the weights added to the gradient, 0 or more
 * @param trigger begins averaging when validation no longer improves
 * @param clip largest gradient norm
 */
public record Asgd(
    double lr,
    double lambd,
    double alpha,
    double t0,
    double weightDecay,
    Trigger trigger,
    Clip clip)
    implements OptimizerSpec {
  public Asgd {
    Require.atLeast("lr", lr, 0.0);
    Require.atLeast("lambd", lambd, 0.0);
    Require.atLeast("alpha", alpha, 0.0);
    Require.atLeast("t0", t0, 0.0);
    Require.atLeast("weight-decay", weightDecay, 0.0);
  }

  /**
   * Learning rate 0.01, lambd 1e-4, alpha 0.75, averaging from step 1e6 on, no decay, no trigger.
   */
  public static Asgd defaults() {
    return new Asgd(0.01, 1e-4, 0.75, 1e6, 0, Trigger.none(), Clip.none());
  }

  @Override
  public Optimizer over(Weights weights) {
    return new Running(this, weights);
  }

  private static final class Running implements Optimizer {
    private static final long WAITING = -1;

    private final Asgd spec;
    private final Weights weights;
    private final Tensor average;
    private final Tensor scratch;
    private final Trigger.Watch watch;
    private long done;
    private long begun;

    Running(Asgd spec, Weights weights) {
      this.spec = spec;
      this.weights = weights;
      this.watch = spec.trigger.watch();
      this.begun = spec.trigger.interval().isPresent() ? WAITING : 0;
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
        Tensor values = weights.values();
        Tensor gradient = weights.gradients();
        if (spec.weightDecay > 0) {
          gradient = add_out(scratch, gradient, values, new Scalar(spec.weightDecay));
        }
        if (begun == WAITING) {
          values.add_(gradient, new Scalar(-lr));
        } else {
          average(values, gradient, lr);
        }
        done++;
      }
    }

    private void average(Tensor values, Tensor gradient, double lr) {
      long step = done - begun;
      double t0 = spec.trigger.interval().isPresent() ? 0 : spec.t0;
      double eta = lr / Math.pow(1 + spec.lambd * lr * step, spec.alpha);
      values.mul_(new Scalar(1 - spec.lambd * eta)).add_(gradient, new Scalar(-eta));
      average.lerp_(values, new Scalar(1 / Math.max(1, step - t0)));
    }

    @Override
    public void evaluated(double score, boolean higherIsBetter) {
      if (watch.worsened(score, higherIsBetter) && begun == WAITING) {
        begun = done;
        try (PointerScope scope = new PointerScope();
            NoGradGuard constant = new NoGradGuard()) {
          average.copy_(weights.values());
        }
      }
    }

    @Override
    public Optional<Tensor> averaging() {
      return Optional.of(begun == WAITING ? weights.values() : average);
    }

    @Override
    public void save(StateWriter out) {
      out.number("steps", done);
      if (spec.trigger.interval().isPresent()) {
        out.number("begun", begun);
        watch.save(out.section("watch"));
      }
      if (begun != WAITING) {
        out.tensor("average", average);
      }
    }

    @Override
    public void restore(StateReader in) {
      done = in.number("steps");
      if (spec.trigger.interval().isPresent()) {
        begun = in.number("begun");
        watch.restore(in.section("watch"));
      }
      if (begun != WAITING) {
        in.into("average", average);
      }
    }

    @Override
    public void close() {
      average.close();
      scratch.close();
    }
  }
}
