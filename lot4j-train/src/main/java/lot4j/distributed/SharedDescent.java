package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Descent;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A descent along the gradient of all processes together: each has gathered its part of it, and all
 * make the same step. {@link RunningStatistics} are brought together at the same moment.
 *
 * <p>A large gradient is added up in buckets while the last backward pass of the step goes on
 * ({@link Bucketing}); whether it goes on in another process at the same time, or whether that
 * process has nothing to learn from at this step, makes no difference. The buckets go through a
 * {@link Channel} of this network's own, so their order has nothing to do with other networks'.
 *
 * <p>Owns neither the descent within nor the weights; close it before them.
 */
public final class SharedDescent implements Descent, AutoCloseable {
  private final Descent own;
  private final Weights weights;
  private final Company company;
  private final RunningStatistics statistics;
  private final Optional<GradientBuckets> buckets;
  private Optional<Channel> channel = Optional.empty();

  /**
   * Around a process's own descent.
   *
   * @param own what moves {@code weights}, once their gradient is that of all
   */
  public SharedDescent(Descent own, Weights weights, Company company) {
    this.own = own;
    this.weights = weights;
    this.company = company;
    this.statistics = new RunningStatistics(weights.buffers(), company.size());
    this.buckets = GradientBuckets.of(weights, company.bucketing());
  }

  @Override
  public void zeroGrad() {
    buckets.ifPresent(GradientBuckets::requireOpen);
    own.zeroGrad();
  }

  @Override
  public void gather(Runnable backward, boolean last) {
    if (last && buckets.isPresent() && channel.isPresent()) {
      buckets.get().backward(backward, channel.get()::start);
    } else {
      buckets.ifPresent(GradientBuckets::requireOpen);
      backward.run();
    }
  }

  @Override
  public void step() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      List<Tensor> moved = statistics.own();
      if (buckets.isPresent()) {
        addUp(buckets.get(), moved);
      } else {
        List<Tensor> all = new ArrayList<>(List.of(weights.gradients()));
        all.addAll(moved);
        company.sum(all);
      }
      statistics.take(moved);
    }
    own.step();
  }

  private void addUp(GradientBuckets parts, List<Tensor> moved) {
    if (channel.isEmpty()) {
      // All ranks come to their first steps in the same order, to their first backward passes not.
      channel = Optional.of(company.channel());
    }
    parts.handOnRest(channel.get()::start);
    moved.forEach(channel.get()::start);
    channel.get().finish();
    parts.begin();
  }

  @Override
  public void close() {
    buckets.ifPresent(GradientBuckets::close);
  }
}
