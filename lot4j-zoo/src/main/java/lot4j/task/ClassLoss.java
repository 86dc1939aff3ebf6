package lot4j.task;

import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * Cross-entropy to learn classes from: the mean, or Σ w·nll / Σ w where classes have weights.
 *
 * @param weights one for each class; of several labels a sample two for each label, of no and yes;
 *     empty if all count alike
 */
record ClassLoss(Optional<List<Double>> weights) {
  private static final long EACH = 0;
  private static final long MEAN = 1;
  private static final long NO_INDEX = -100;

  /**
   * The loss of the first labels, as many as there are rows of logits.
   *
   * @param logits [batch, classes], or [batch, labels, 2]
   * @param labels [batch] or [batch, labels] int64, on the same device
   * @return shape []
   */
  Tensor of(Tensor logits, Tensor labels) {
    long count = logits.size(0);
    Tensor first = (count == labels.size(0) ? labels : labels.narrow(0, 0, count)).reshape(-1);
    Tensor rows = logits.reshape(-1, logits.size(-1));
    if (weights.isEmpty()) {
      return cross_entropy(rows, first);
    }
    double[] numbers = weights.get().stream().mapToDouble(Double::doubleValue).toArray();
    Tensor weight = tensor(numbers).to(logits.device(), logits.scalar_type());
    return logits.dim() == 2
        ? cross_entropy_loss(rows, first, new TensorOptional(weight), MEAN, NO_INDEX, 0)
        : weighted(
            cross_entropy_loss(rows, first, new TensorOptional(), EACH, NO_INDEX, 0),
            first,
            weight);
  }

  /**
   * Σ w·nll / Σ w, every label having two weights of its own.
   *
   * @param nll [batch · labels]
   * @param answers [batch · labels], 0 or 1
   * @param weights [2 · labels], of no and yes in turn
   */
  private static Tensor weighted(Tensor nll, Tensor answers, Tensor weights) {
    Tensor pairs = weights.view(-1, 2);
    Tensor yes = answers.reshape(-1, pairs.size(0)).to(nll.scalar_type());
    Tensor no = pairs.select(1, 0);
    Tensor each = yes.mul(pairs.select(1, 1).sub(no)).add(no).reshape(-1);
    return nll.mul(each).sum().div(each.sum());
  }
}
