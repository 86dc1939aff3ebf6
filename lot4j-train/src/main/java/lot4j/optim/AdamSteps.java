package lot4j.optim;

import static org.bytedeco.pytorch.global.torch.add_out;
import static org.bytedeco.pytorch.global.torch.empty_like;
import static org.bytedeco.pytorch.global.torch.sqrt_out;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The running part of {@link Adam} and {@link AdamW}, which differ in the decay alone. */
final class AdamSteps implements Optimizer {
  private final Weights weights;
  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;
  private final boolean decoupled;
  private final Tensor mean;
  private final Tensor square;
  private final Tensor scratch;
  private long steps;

  AdamSteps(
      Weights weights,
      double beta1,
      double beta2,
      double eps,
      double weightDecay,
      boolean decoupled) {
    this.weights = weights;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
    this.weightDecay = weightDecay;
    this.decoupled = decoupled;
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      this.mean = zeros_like(weights.values()).retainReference();
      this.square = zeros_like(weights.values()).retainReference();
      this.scratch = empty_like(weights.values()).retainReference();
    }
  }

  @Override
  public void step(double lr) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      steps++;
      Tensor values = weights.values();
      Tensor gradient = weights.gradients();
      if (weightDecay > 0 && decoupled) {
        values.mul_(new Scalar(1 - lr * weightDecay));
      } else if (weightDecay > 0) {
        gradient = add_out(scratch, gradient, values, new Scalar(weightDecay));
      }
      mean.lerp_(gradient, new Scalar(1 - beta1));
      square.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
      double correction1 = 1 - Math.pow(beta1, steps);
      double correction2 = 1 - Math.pow(beta2, steps);
      Tensor divisor = sqrt_out(scratch, square);
      divisor.mul_(new Scalar(1 / Math.sqrt(correction2))).add_(new Scalar(eps));
      values.addcdiv_(mean, divisor, new Scalar(-lr / correction1));
    }
  }

  @Override
  public void save(StateWriter out) {
    out.number("steps", steps);
    out.tensor("mean", mean);
    out.tensor("square", square);
  }

  @Override
  public void restore(StateReader in) {
    steps = in.number("steps");
    in.into("mean", mean);
    in.into("square", square);
  }

  @Override
  public void close() {
    mean.close();
    square.close();
    scratch.close();
  }
}
