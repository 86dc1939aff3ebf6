package lot4j.method;

import java.util.List;
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
   * once, however many there are.
   */
  static Output of(List<Output> answers, double temperature) {
    if (answers.size() == 1) {
      return answers.get(0);
    }
    TensorVector logs = new TensorVector();
    for (Output answer : answers) {
      logs.push_back(torch.log_softmax(answer.logits().div(new Scalar(temperature)), -1));
    }
    Tensor sum = torch.logsumexp(torch.stack(logs), 0);
    Tensor mean = sum.sub(new Scalar(Math.log(answers.size())));
    return Output.logits(mean.mul(new Scalar(temperature)));
  }
}
