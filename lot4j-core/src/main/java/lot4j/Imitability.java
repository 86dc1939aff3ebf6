package lot4j;

import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * The measure μ: how far one network's answers are from another's, lower = easier to imitate.
 *
 * <p>The <em>free</em> side is the one being trained: the teacher in its regularizer, the student
 * in its own loss; the other is the reference. A measure detaches neither (that is {@link Lot}'s
 * part), so it can be tested alone in both arguments.
 */
@FunctionalInterface
public interface Imitability {
  /**
   * The dissimilarity of two outputs, averaged over counted positions.
   *
   * @param free output of the network being trained
   * @param reference output of the network it is compared with, same shapes
   * @param mask which positions count
   * @return shape [], 0 or more, differentiable in both outputs
   */
  Tensor measure(Output free, Output reference, Mask mask);

  /** A measure of logits, [*, classes], where every position counts. */
  static Imitability of(BinaryOperator<Tensor> logits) {
    return (free, reference, mask) -> {
      if (mask.positions().isPresent()) {
        throw new IllegalArgumentException("imitability: this measure takes no mask");
      }
      return logits.apply(free.logits(), reference.logits());
    };
  }
}
