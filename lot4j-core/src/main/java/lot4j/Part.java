package lot4j;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The part that a batch has in a step for which the gradients of several batches may be gathered.
 *
 * @param share its weight; the weights of all batches of a step sum to 1
 * @param last whether nothing more is gathered before the step. Nothing depends on it but speed,
 *     where several processes train together ({@link Descent#gather})
 */
public record Part(double share, boolean last) {
  /** A batch that is a whole step. */
  public static Part whole() {
    return new Part(1, true);
  }

  /** What the batch's mean loss, shape [], is in the step's. */
  public Tensor of(Tensor loss) {
    return share == 1 ? loss : loss.mul(new Scalar(share));
  }
}
