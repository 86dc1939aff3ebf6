package lot4j.model.language;

import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The ways to set numbers to 0 in training. What stays is divided by the probability of staying, so
 * that the expectation is the number itself. Masks are drawn from the global generator.
 *
 * <p>Every function returns a new tensor, or its argument if the probability is 0.
 */
public final class Dropout {
  private static final int LEVELS = 1 << Short.SIZE;
  private static final int IN_A_DRAW = Long.SIZE / Short.SIZE;

  private Dropout() {}

  /**
   * Every number by itself. The engine draws 32 bits or more for each number on a CPU, one after
   * the other; here a number takes 16, cut from wide draws, which is several times as fast. The
   * probability is rounded to 1/65,536. Source: N. Srivastava et al., "Dropout", JMLR 15, 2014.
   */
  public static Tensor each(Tensor x, double probability) {
    if (probability == 0) {
      return x;
    }
    if (x.is_cuda()) {
      return torch.dropout(x, probability, true);
    }
    int dropped = Math.min(LEVELS - 1, (int) Math.round(probability * LEVELS));
    long count = x.numel();
    long[] draws = {(count + IN_A_DRAW - 1) / IN_A_DRAW};
    Tensor drawn = torch.zeros(draws, new TensorOptions(ScalarType.Long));
    drawn.random_(Long.MIN_VALUE, new LongOptional());
    Tensor kept =
        drawn
            .view(ScalarType.Short)
            .narrow(0, 0, count)
            .ge(new Scalar(Short.MIN_VALUE + dropped))
            .view_as(x);
    return x.mul(kept).mul(new Scalar(LEVELS / (double) (LEVELS - dropped)));
  }

  /**
   * The same numbers at all times. Source: Y. Gal and Z. Ghahramani, "A theoretically grounded
   * application of dropout in recurrent neural networks", 2016.
   *
   * @param x [time, batch, features]
   */
  static Tensor locked(Tensor x, double probability) {
    return probability == 0 ? x : x.mul(mask(x, probability, 1, x.size(1), x.size(2)));
  }

  /**
   * Whole words, wherever in the batch they stand. Source: the same.
   *
   * @param x [time, batch, features], the words' vectors
   * @param words [time, batch], their ids
   * @param vocabulary number of words
   */
  static Tensor words(Tensor x, Tensor words, int vocabulary, double probability) {
    return probability == 0
        ? x
        : x.mul(torch.embedding(mask(x, probability, vocabulary, 1), words));
  }

  // Never in a shorter type than float32: bfloat16 has too few uniform numbers.
  private static Tensor mask(Tensor like, double probability, long... sizes) {
    ScalarType type =
        like.scalar_type().intern() == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
    TensorOptions options = new TensorOptions(type).device(new DeviceOptional(like.device()));
    Tensor mask = torch.rand(sizes, options);
    mask.ge_(new Scalar(probability));
    mask.mul_(new Scalar(1 / (1 - probability)));
    return mask;
  }
}
