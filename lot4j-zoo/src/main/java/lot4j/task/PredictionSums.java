package lot4j.task;

import static org.bytedeco.pytorch.global.torch.dot;
import static org.bytedeco.pytorch.global.torch.log_out;
import static org.bytedeco.pytorch.global.torch.max;
import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How sure several networks are, and how alike the first one and each later one: sums over samples
 * in float64, at temperature 1.
 *
 * <p>Of every network, and of the mean of all probabilities if there are several, the entropy −Σ p
 * log p; of every network s but the first, the teacher t, both divergences KL(s ‖ t) and KL(t ‖ s),
 * and whether both find the same class the most probable. A class of probability 0 adds nothing;
 * one that only the other side excludes makes a divergence infinite.
 */
final class PredictionSums {
  private final int networks;
  private final double[] entropy;
  private final double[] studentTeacher;
  private final double[] teacherStudent;
  private final double[] agreement;
  private long samples;

  /** Of no sample yet. */
  PredictionSums(int networks) {
    this.networks = networks;
    this.entropy = new double[networks > 1 ? networks + 1 : networks];
    this.studentTeacher = new double[networks];
    this.teacherStudent = new double[networks];
    this.agreement = new double[networks];
  }

  /**
   * Adds some samples.
   *
   * @param logProbabilities of each network, [samples, classes] float64
   */
  void add(List<Tensor> logProbabilities) {
    double[] sums = sums(logProbabilities, false);
    for (double sum : sums) {
      if (Double.isNaN(sum)) {
        sums = sums(logProbabilities, true);
        break;
      }
    }
    int next = entropy.length;
    for (int i = 0; i < entropy.length; i++) {
      entropy[i] -= sums[i];
    }
    for (int i = 1; i < networks; i++) {
      studentTeacher[i] += sums[i] - sums[next++];
      teacherStudent[i] += sums[0] - sums[next++];
      agreement[i] += sums[next++];
    }
    samples += logProbabilities.get(0).size(0);
  }

  /** Adds the means over samples to the scores of the networks, and of all together. */
  void describe(List<Map<String, Double>> scores) {
    for (int i = 0; i < entropy.length; i++) {
      scores.get(i).put("entropy", notNegative(entropy[i] / samples));
    }
    for (int i = 1; i < networks; i++) {
      scores.get(i).put("kl_free_reference", notNegative(studentTeacher[i] / samples));
      scores.get(i).put("kl_reference_free", notNegative(teacherStudent[i] / samples));
      scores.get(i).put("agreement", agreement[i] / samples);
    }
  }

  /** Rounding alone can make such a number negative. */
  private static double notNegative(double value) {
    return Math.max(0, value);
  }

  /**
   * Of each network, and of the mean of all, Σ p log p; then of each student Σ p_s log p_t, Σ p_t
   * log p_s, and in how many samples the classes agree.
   */
  private double[] sums(List<Tensor> logProbabilities, boolean excluding) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      List<Tensor> logs = logProbabilities.stream().map(Tensor::contiguous).toList();
      List<Tensor> probabilities = logs.stream().map(Tensor::exp).toList();
      TensorVector sums = new TensorVector();
      for (int i = 0; i < networks; i++) {
        sums.push_back(product(probabilities.get(i), logs.get(i), excluding));
      }
      List<Tensor> across = new ArrayList<>();
      Tensor teachers = mostProbable(logs.get(0));
      for (int i = 1; i < networks; i++) {
        across.add(product(probabilities.get(i), logs.get(0), excluding));
        across.add(product(probabilities.get(0), logs.get(i), excluding));
        across.add(mostProbable(logs.get(i)).eq(teachers).sum().to(ScalarType.Double));
      }
      if (networks > 1) {
        sums.push_back(ofMean(probabilities, excluding));
      }
      across.forEach(sums::push_back);
      Tensor together = stack(sums).cpu();
      double[] values = new double[(int) sums.size()];
      together.data_ptr_double().get(values);
      return values;
    }
  }

  /**
   * Σ m log m of the mean m of K probabilities, by way of their sum, K m; in the memory of the
   * first two, which are not needed any more.
   */
  private static Tensor ofMean(List<Tensor> probabilities, boolean excluding) {
    Tensor sum = probabilities.get(0);
    probabilities.stream().skip(1).forEach(sum::add_);
    Tensor log = log_out(probabilities.get(1), sum);
    double networks = probabilities.size();
    return product(sum, log, excluding)
        .div(new Scalar(networks))
        .sub(new Scalar(sum.size(0) * Math.log(networks)));
  }

  /** Σ p log q over all samples and classes, shape []. */
  private static Tensor product(Tensor p, Tensor logQ, boolean excluding) {
    return excluding
        ? p.mul(logQ).masked_fill_(p.eq(new Scalar(0)), new Scalar(0)).sum()
        : dot(p.view(-1), logQ.view(-1));
  }

  /** Of equal ones the first. */
  static Tensor mostProbable(Tensor logProbabilities) {
    return max(logProbabilities, 1).get1();
  }
}
