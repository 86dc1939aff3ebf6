package lot4j.imitability;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.where;

import lot4j.Mask;
import lot4j.Output;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The two sides' log-probabilities at a temperature, [*, classes], uncounted positions made
 * uniform.
 *
 * @param widened whether they are in float64 though the logits are not
 */
record LogProbabilities(Tensor free, Tensor reference, boolean widened) {
  private static final double MINUS_INFINITY = Double.NEGATIVE_INFINITY;

  /**
   * Above it a measure that is to be multiplied by T² is worked out in float64: it is a difference
   * of nearly equal numbers then, of which float32 leaves errors of 1e-7 · T².
   */
  private static final double HIGH_TEMPERATURE = 4;

  static LogProbabilities of(
      Output free, Output reference, Mask mask, double temperature, boolean scaleByT2) {
    Tensor own = free.logits();
    boolean widened =
        scaleByT2
            && temperature > HIGH_TEMPERATURE
            && own.scalar_type().intern() != ScalarType.Double;
    return new LogProbabilities(
        at(own, mask, temperature, widened),
        at(reference.logits(), mask, temperature, widened),
        widened);
  }

  private static Tensor at(Tensor logits, Mask mask, double temperature, boolean widened) {
    Tensor clean = mask.clean(widened ? logits.to(ScalarType.Double) : logits);
    return log_softmax(temperature == 1 ? clean : clean.div(new Scalar(temperature)), -1);
  }

  /** The same with the roles exchanged. */
  LogProbabilities swapped() {
    return new LogProbabilities(reference, free, widened);
  }

  /** The same with something else in place of the reference. */
  LogProbabilities towards(Tensor other) {
    return new LogProbabilities(free, other, widened);
  }

  /**
   * The mean over counted positions, shape [], in float32 or the type of the logits if that is
   * wider.
   *
   * @param each one number a position, made of these
   */
  Tensor mean(Mask mask, Tensor each) {
    Tensor mean = mask.mean(each);
    return widened ? mean.to(ScalarType.Float) : mean;
  }

  /**
   * KL(free ‖ reference) of each position, [*]. A class the free side excludes adds 0; one that
   * only the reference excludes makes it infinite. Selected before and after the product, because
   * inf·0 has a NaN gradient.
   */
  Tensor kl() {
    Tensor absent = free.eq(new Scalar(MINUS_INFINITY));
    Tensor p = where(absent, new Scalar(0), free);
    Tensor q = where(absent, new Scalar(0), reference);
    return where(absent, new Scalar(0), p.exp().mul(p.sub(q))).sum(-1);
  }

  /** Scales a measure by the square of the temperature if asked to. */
  static Tensor scaled(Tensor value, double temperature, boolean scaleByT2) {
    return scaleByT2 && temperature != 1 ? value.mul(new Scalar(temperature * temperature)) : value;
  }
}
