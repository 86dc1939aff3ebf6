package lot4j;

import static org.bytedeco.pytorch.global.torch.where;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Which positions of a batch count. A position that does not count adds exactly nothing to a value
 * or a gradient, whatever stands there, infinities included.
 *
 * @param positions over the leading axes of the logits, not 0 where a position counts; empty if all
 *     do
 */
public record Mask(Optional<Tensor> positions) {

  /** Every position counts. */
  public static Mask none() {
    return new Mask(Optional.empty());
  }

  /** The positions where {@code tensor} is not 0 count. */
  public static Mask of(Tensor tensor) {
    return new Mask(Optional.of(tensor.ne(new Scalar(0))));
  }

  /** Puts zeros where a position does not count, so that whatever stood there is gone. */
  public Tensor clean(Tensor rows) {
    return positions.map(p -> where(p.unsqueeze(-1), rows, new Scalar(0))).orElse(rows);
  }

  /**
   * The mean over counted positions, shape []; 0 if none counts.
   *
   * @param each one number a position, 0 where {@link #clean cleaned} rows were measured
   */
  public Tensor mean(Tensor each) {
    if (positions.isEmpty()) {
      return each.mean();
    }
    Tensor counted = positions.get();
    Tensor sum = where(counted, each, new Scalar(0)).sum();
    return sum.div(counted.sum().to(each.scalar_type()).clamp_min(new Scalar(1)));
  }
}
