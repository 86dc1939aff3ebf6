package lot4j.distributed;

import lot4j.Descent;
import lot4j.optim.Weights;

/**
 * A descent along the gradient of all processes together: each has gathered its part of it, and all
 * make the same step. {@link RunningStatistics} are brought together at the same moment.
 */
public final class SharedDescent implements Descent {
  private final Descent own;
  private final Weights weights;
  private final Company company;
  private final RunningStatistics statistics;

  /**
   * Around a process's own descent.
   *
   * @param own what moves {@code weights}, once their gradient is that of all
   */
  public SharedDescent(Descent own, Weights weights, Company company) {
    this.own = own;
    this.weights = weights;
    this.company = company;
    this.statistics = new RunningStatistics(weights.buffers(), company);
  }

  @Override
  public void zeroGrad() {
    own.zeroGrad();
  }

  @Override
  public void step() {
    company.sum(weights.gradients());
    statistics.share();
    own.step();
  }
}
