package lot4j.method;

import java.util.List;
import java.util.Map;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Output;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What several networks say together: the mean of their probabilities. */
final class MeanAnswer {
  private MeanAnswer() {}

  /**
   * An output whose probabilities at {@code temperature} are the mean of the answers' probabilities
   * at that temperature; one answer stays what it is. The mean of several is of all classes at
   * once, however many there are. Of normals it is the normal with the mixture's mean and variance.
   */
  static Output of(List<Output> answers, double temperature) {
    if (answers.size() == 1) {
      return answers.get(0);
    }
    if (answers.get(0).distribution() instanceof DiagonalNormal) {
      return normal(answers, temperature);
    }
    TensorVector logs = new TensorVector();
    for (Output answer : answers) {
      logs.push_back(torch.log_softmax(answer.logits().div(new Scalar(temperature)), -1));
    }
    Tensor sum = torch.logsumexp(torch.stack(logs), 0);
    Tensor mean = sum.sub(new Scalar(Math.log(answers.size())));
    return Output.logits(mean.mul(new Scalar(temperature)));
  }

  /** A normal's density to the power 1/T is that of a normal with T times the variance. */
  private static Output normal(List<Output> answers, double temperature) {
    TensorVector means = new TensorVector();
    TensorVector variances = new TensorVector();
    for (Output answer : answers) {
      DiagonalNormal normal = (DiagonalNormal) answer.distribution();
      means.push_back(normal.mean());
      variances.push_back(normal.logStd().mul(new Scalar(2)).exp().expand_as(normal.mean()));
    }
    Tensor each = torch.stack(means);
    Tensor mean = each.mean(0);
    Tensor between = each.sub(mean).square().mean(0).div(new Scalar(temperature));
    Tensor variance = torch.stack(variances).mean(0).add(between);
    Tensor logStd = variance.log().mul(new Scalar(0.5));
    return new Output(new DiagonalNormal(mean, logStd), Map.of());
  }
}
