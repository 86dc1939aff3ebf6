package lot4j.rl;

import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;

/**
 * Divides rewards by the running standard deviation of their discounted sum, and cuts them at 10.
 * The mean is not taken away. Source: L. Engstrom et al., "Implementation matters in deep policy
 * gradients", 2020, section 3; the parallel variance is from T. Chan et al., 1979.
 */
final class RewardScale implements Stateful {
  private static final double MOST = 10;
  private static final double EPSILON = 1e-8;

  private final double gamma;
  private final double[] sums;
  private double mean;
  private double variance = 1;
  private double count = 1e-4;

  RewardScale(double gamma, int environments) {
    this.gamma = gamma;
    this.sums = new double[environments];
  }

  /** Takes note of the rewards of one time, then divides them in place. */
  void scale(double[] rewards, int from, boolean[] ended) {
    int n = sums.length;
    double batchMean = 0;
    for (int i = 0; i < n; i++) {
      sums[i] = sums[i] * gamma + rewards[from + i];
      batchMean += sums[i] / n;
    }
    double batchVariance = 0;
    for (int i = 0; i < n; i++) {
      batchVariance += (sums[i] - batchMean) * (sums[i] - batchMean) / n;
      if (ended[from + i]) {
        sums[i] = 0;
      }
    }
    double gap = batchMean - mean;
    double all = count + n;
    double squares = variance * count + batchVariance * n + gap * gap * count * n / all;
    mean += gap * n / all;
    variance = squares / all;
    count = all;
    double deviation = Math.sqrt(variance + EPSILON);
    for (int i = 0; i < n; i++) {
      rewards[from + i] = Math.max(-MOST, Math.min(MOST, rewards[from + i] / deviation));
    }
  }

  /**
   * Brings together what each process has seen of the rewards, all of them as many: the mean of the
   * means, and the mean of the variances and the variance of the means, which are the mean and the
   * variance of all that was seen. {@code count} goes on to be each one's own.
   */
  void share(Players players) {
    if (players.size() == 1) {
      return;
    }
    double[] sums = players.sums(mean, variance + mean * mean);
    mean = sums[0] / players.size();
    variance = Math.max(0, sums[1] / players.size() - mean * mean);
  }

  @Override
  public void save(StateWriter out) {
    out.real("mean", mean);
    out.real("variance", variance);
    out.real("count", count);
    for (int i = 0; i < sums.length; i++) {
      out.real("sum" + i, sums[i]);
    }
  }

  @Override
  public void restore(StateReader in) {
    mean = in.real("mean");
    variance = in.real("variance");
    count = in.real("count");
    for (int i = 0; i < sums.length; i++) {
      sums[i] = in.real("sum" + i);
    }
  }
}
