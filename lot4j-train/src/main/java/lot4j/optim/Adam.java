package lot4j.optim;

import lot4j.Require;

/**
 * Adam, with weight decay as an L2 term of the gradient. Sources: D. Kingma and J. Ba, "Adam: a
 * method for stochastic optimization", 2015; PyTorch, {@code torch.optim.Adam}.
 *
 * @param lr base learning rate, 0 or more
 * @param beta1 memory of the mean, in [0, 1)
 * @param beta2 memory of the mean square, in [0, 1)
 * @param eps added to the root, above 0
 * @param weightDecay factor of the weights added to the gradient, 0 or more
 * @param clip largest gradient norm
 */
public record Adam(double lr, double beta1, double beta2, double eps, double weightDecay, Clip clip)
    implements OptimizerSpec {
  public Adam {
    Require.atLeast("lr", lr, 0.0);
    Require.below("beta1", beta1, 0, 1);
    Require.below("beta2", beta2, 0, 1);
    Require.positive("eps", eps);
    Require.atLeast("weight-decay", weightDecay, 0.0);
  }

  /** Learning rate 1e-3, betas 0.9 and 0.999, eps 1e-8, no decay. */
  public static Adam defaults() {
    return new Adam(1e-3, 0.9, 0.999, 1e-8, 0, Clip.none());
  }

  @Override
  public Optimizer over(Weights weights) {
    return new AdamSteps(weights, beta1, beta2, eps, weightDecay, false);
  }
}
