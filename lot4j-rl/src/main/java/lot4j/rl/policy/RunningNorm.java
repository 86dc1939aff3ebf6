package lot4j.rl.policy;

import static org.bytedeco.pytorch.global.torch.ones;
import static org.bytedeco.pytorch.global.torch.zeros;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Brings inputs to mean 0 and deviation 1 by running statistics, cut at ±10. In train mode a batch
 * is first normalised by what was known before it, then taken in; so the first minibatch after a
 * rollout is seen as it was acted on. The statistics are buffers, saved and deployed with the
 * weights; where a network is only asked, they stay.
 *
 * <p>Source: L. Engstrom et al., "Implementation matters in deep policy gradients", 2020, section
 * 3; the parallel variance is from T. Chan et al., 1979.
 */
final class RunningNorm extends Module {
  private static final double MOST = 10;
  private static final double EPSILON = 1e-8;

  private final Tensor mean;
  private final Tensor variance;
  private final Tensor count;

  RunningNorm(long features) {
    super("RunningNorm");
    mean = zeros(features);
    register_buffer("mean", mean);
    variance = ones(features);
    register_buffer("var", variance);
    count = zeros(1).add(new Scalar(1e-4));
    register_buffer("count", count);
  }

  /** The normalised batch, [batch, features]. */
  Tensor forward(Tensor x) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor scaled = x.sub(mean).div(variance.add(new Scalar(EPSILON)).sqrt());
      Tensor cut =
          scaled.clamp(new ScalarOptional(new Scalar(-MOST)), new ScalarOptional(new Scalar(MOST)));
      if (is_training() && x.size(0) > 1) {
        take(x);
      }
      return cut;
    }
  }

  private void take(Tensor x) {
    Scalar n = new Scalar((double) x.size(0));
    Tensor all = count.add(n);
    Tensor batchMean = x.mean(0);
    Tensor gap = batchMean.sub(mean);
    Tensor squares =
        variance
            .mul(count)
            .add(x.sub(batchMean).square().mean(0).mul(n))
            .add(gap.square().mul(count).mul(n).div(all));
    mean.add_(gap.mul(n).div(all));
    variance.copy_(squares.div(all));
    count.copy_(all);
  }
}
