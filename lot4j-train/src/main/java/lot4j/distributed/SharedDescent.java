package lot4j.distributed;

import java.util.ArrayList;
import java.util.List;
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
 */
public final class SharedDescent implements Descent {
  private final Descent own;
  private final Weights weights;
  private final Company company;
  private final List<Tensor> statistics = new ArrayList<>();

  /**
   * Around a process's own descent.
   *
   * @param own what moves {@code weights}, once their gradient is that of all
   */
  public SharedDescent(Descent own, Weights weights, Company company) {
    this.own = own;
    this.weights = weights;
    this.company = company;
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
    own.zeroGrad();
  }

  @Override
  public void step() {
    company.sum(weights.gradients());
    if (!statistics.isEmpty()) {
      average();
    }
    own.step();
  }

  private void average() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      TensorVector flat = new TensorVector();
      statistics.forEach(each -> flat.push_back(each.data().reshape(-1)));
      Tensor all = torch.cat(flat);
      company.sum(all);
      all.div_(new Scalar((double) company.size()));
      long from = 0;
      for (Tensor each : statistics) {
        each.data().copy_(all.narrow(0, from, each.numel()).view(each.sizes()));
        from += each.numel();
      }
    }
  }
}
