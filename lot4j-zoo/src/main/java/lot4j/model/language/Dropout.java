package lot4j.model.language;

import lot4j.Require;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Sets numbers to 0 at random and scales the others up. The engine draws 32 bits for each number on
 * a CPU, one after the other; here a number takes 16, which is ten times as fast, since wide draws
 * are cut up. The probability is rounded to 1/65,536.
 *
 * <p>Source: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout",
 * JMLR 15, 2014.
 */
final class Dropout {
  private static final int LEVELS = 1 << Short.SIZE;
  private static final int IN_A_DRAW = Long.SIZE / Short.SIZE;

  private final double probability;
  private final Scalar least;
  private final Scalar scale;

  /** With {@code probability} in [0, 1) a number becomes 0. */
  Dropout(double probability) {
    this.probability = Require.below("dropout", probability, 0, 1);
    int dropped = Math.min(LEVELS - 1, (int) Math.round(probability * LEVELS));
    least = new Scalar(Short.MIN_VALUE + dropped);
    scale = new Scalar(LEVELS / (double) (LEVELS - dropped));
  }

  /** A tensor like {@code x}; {@code x} itself outside training or if nothing is dropped. */
  Tensor of(Tensor x, boolean training) {
    if (probability == 0 || !training) {
      return x;
    }
    if (x.is_cuda()) {
      return torch.dropout(x, probability, true);
    }
    long count = x.numel();
    long[] draws = {(count + IN_A_DRAW - 1) / IN_A_DRAW};
    Tensor drawn = torch.zeros(draws, new TensorOptions(ScalarType.Long));
    drawn.random_(Long.MIN_VALUE, new LongOptional());
    Tensor kept = drawn.view(ScalarType.Short).narrow(0, 0, count).ge(least).view_as(x);
    return x.mul(kept).mul(scale);
  }
}
