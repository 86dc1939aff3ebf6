package lot4j;

import org.bytedeco.pytorch.Tensor;

/** What some of the positions of a projected output add to a loss. */
@FunctionalInterface
public interface PieceLoss {
  /**
   * The contribution of the positions {@code from} to {@code to}, counted over all leading axes.
   *
   * @param logits [to - from, classes], of these positions
   * @param from the first position
   * @param to the position after the last
   * @return shape []; the loss is the sum of all contributions
   */
  Tensor of(Tensor logits, long from, long to);
}
