package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Descent;
import lot4j.optim.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A descent along the gradient of all processes together: each has gathered its part of it, and all
 * make the same step. Running statistics of batch norms, which each process has moved by its own
 * batches, are averaged at the same moment.
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
  private final List<Tensor> statistics = new ArrayList<>();
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
    this.buckets = GradientBuckets.of(weights, company.bucketing());
    weights
        .buffers()
        .forEach(
            (name, buffer) -> {
              if (name.endsWith("running_mean") || name.endsWith("running_var")) {
                statistics.add(buffer);
              }
            });
  }

  @Override
  public void zeroGrad() {
    buckets.ifPresent(GradientBuckets::requireOpen);
    own.zeroGrad();
  }

  @Override
  public void gather(Tensor loss, boolean last) {
    if (last && buckets.isPresent() && channel.isPresent()) {
      buckets.get().backward(loss, channel.get()::start);
    } else {
      buckets.ifPresent(GradientBuckets::requireOpen);
      loss.backward();
    }
  }

  @Override
  public void step() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Optional<Tensor> measured =
          statistics.isEmpty() ? Optional.empty() : Optional.of(torch.cat(flat()));
      if (buckets.isPresent()) {
        addUp(buckets.get(), measured);
      } else {
        List<Tensor> both = new ArrayList<>(List.of(weights.gradients()));
        measured.ifPresent(both::add);
        company.sum(both);
      }
      measured.ifPresent(this::average);
    }
    own.step();
  }

  private void addUp(GradientBuckets parts, Optional<Tensor> measured) {
    if (channel.isEmpty()) {
      // All ranks come to their first steps in the same order, to their first backward passes not.
      channel = Optional.of(company.channel());
    }
    parts.handOnRest(channel.get()::start);
    measured.ifPresent(channel.get()::start);
    channel.get().finish();
    parts.begin();
  }

  private TensorVector flat() {
    TensorVector flat = new TensorVector();
    statistics.forEach(each -> flat.push_back(each.data().reshape(-1)));
    return flat;
  }

  private void average(Tensor sum) {
    sum.div_(new Scalar((double) company.size()));
    long from = 0;
    for (Tensor each : statistics) {
      each.data().copy_(sum.narrow(0, from, each.numel()).view(each.sizes()));
      from += each.numel();
    }
  }

  @Override
  public void close() {
    buckets.ifPresent(GradientBuckets::close);
  }
}
