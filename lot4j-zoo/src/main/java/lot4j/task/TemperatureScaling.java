package lot4j.task;

import static org.bytedeco.pytorch.global.torch.softmax;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.Require;
import lot4j.train.DataException;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Divides all logarithms of probabilities by one number, so that a network is as sure as it is
 * right. Classes: logits are divided; which one is the most probable does not change, so neither
 * does the accuracy. Numbers: a density to the power 1/T is, of a normal distribution, the one with
 * the variance T-fold; the mean does not change, so neither does any error.
 *
 * <p>Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural
 * networks", ICML 2017, section 4.2.
 *
 * @param temperature what the logits are divided by and variances are multiplied by; above 1 it
 *     makes a network less sure
 */
public record TemperatureScaling(double temperature) {
  /** The smallest and, its inverse, the largest temperature that is looked for. */
  static final double LEAST = 0.01;

  /** The metric that only predicted numbers have. */
  private static final String ERROR = "rmse";

  private static final int MOST_STEPS = 100;
  private static final double CLOSE = 1e-13;

  public TemperatureScaling {
    Require.positive("temperature", temperature);
  }

  /** The network with its logits divided, or its deviations multiplied by √T. */
  public Network over(Network network) {
    return (inputs, memory) -> {
      Output output = network.forward(inputs, memory);
      if (output.distribution() instanceof DiagonalNormal normal) {
        Tensor logStd = normal.logStd().add(new Scalar(0.5 * Math.log(temperature)));
        return new Output(new DiagonalNormal(normal.mean(), logStd), output.extras());
      }
      return Output.logits(output.logits().div(new Scalar(temperature)));
    };
  }

  /**
   * The temperature with the least negative log-likelihood on a split, which should be one that the
   * network has not learned from.
   *
   * <p>With β = 1/T the mean loss is A(β) − β·m: A is the mean logarithm of Σ exp(β·z), m the mean
   * logit of the right classes. m follows from the task's own loss at β = 1, so labels are not
   * asked for. A is convex; Newton's method on A′(β) = m, kept between bounds, finds the minimum.
   *
   * <p>Of normals the best T is the mean of ((y − mean) / deviation)², 1 where deviations are
   * right. It follows from the loss, whose mean is ½·T + H − ½, and the mean entropy H.
   *
   * @param network in eval mode; call this without gradients
   * @throws DataException if the task judges neither by classes nor by how sure a number is
   */
  public static TemperatureScaling fit(Task<?> task, Network network, Split split) {
    try (Answers answers = new Answers(network)) {
      Map<String, Double> score = task.score(List.of(answers), split).get(0);
      requireSure(score);
      if (score.containsKey(ERROR)) {
        double variance = 1 + 2 * (score.get("loss") - score.get("entropy"));
        return new TemperatureScaling(Math.max(LEAST * LEAST, variance));
      }
      return new TemperatureScaling(1 / inverse(answers, score.get("loss")));
    }
  }

  /**
   * Checks that a score is one of predicted classes, or of numbers with their deviations.
   *
   * @throws DataException if it is not
   */
  static void requireSure(Map<String, Double> score) {
    if (score.containsKey(ERROR) && !score.containsKey("entropy")) {
      throw new DataException(
          "calibration is for networks that say how sure they are; task.loss = squared gives no"
              + " deviation, gaussian does");
    }
    if (!score.containsKey(ERROR) && !score.containsKey("ece")) {
      throw new DataException(
          "calibration is for networks that tell classes apart or predict numbers; this one is"
              + " judged by "
              + score.keySet());
    }
  }

  private static double inverse(Answers answers, double loss) {
    Slope one = answers.slope(1);
    double right = one.level() - loss;
    double low = LEAST;
    double high = 1 / LEAST;
    double beta = 1;
    for (int i = 0; i < MOST_STEPS && high - low > CLOSE * high; i++) {
      Slope at = i == 0 ? one : answers.slope(beta);
      if (at.first() < right) {
        low = beta;
      } else {
        high = beta;
      }
      double newton = beta - (at.first() - right) / at.second();
      double next = newton > low && newton < high ? newton : Math.sqrt(low * high);
      if (Math.abs(next - beta) <= CLOSE * beta) {
        return next;
      }
      beta = next;
    }
    return beta;
  }

  /** A(β), A′(β) and A″(β). */
  private record Slope(double level, double first, double second) {}

  /** A network that keeps its logits, if it gives some, batch after batch. */
  private static final class Answers implements Network, AutoCloseable {
    private final Network network;
    private final List<Tensor> kept = new ArrayList<>();

    Answers(Network network) {
      this.network = network;
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      Output output = network.forward(inputs, memory);
      if (output.distribution() instanceof DiagonalNormal) {
        return output;
      }
      Tensor logits = output.logits();
      Tensor own = logits.detach().cpu().clone();
      own.retainReference();
      kept.add(own);
      return Output.logits(logits);
    }

    Slope slope(double beta) {
      double level = 0;
      double first = 0;
      double second = 0;
      long rows = 0;
      for (Tensor logits : kept) {
        try (PointerScope scope = new PointerScope();
            NoGradGuard constant = new NoGradGuard()) {
          Tensor z = logits.to(ScalarType.Double).reshape(-1, logits.size(-1));
          Tensor scaled = z.mul(new Scalar(beta));
          Tensor shares = softmax(scaled, 1);
          Tensor mean = shares.mul(z).sum(1);
          Tensor square = shares.mul(z.mul(z)).sum(1).sub(mean.mul(mean));
          level += scaled.logsumexp(1).sum().item_double();
          first += mean.sum().item_double();
          second += square.sum().item_double();
          rows += z.size(0);
        }
      }
      return new Slope(level / rows, first / rows, second / rows);
    }

    @Override
    public void close() {
      kept.forEach(Tensor::close);
    }
  }
}
