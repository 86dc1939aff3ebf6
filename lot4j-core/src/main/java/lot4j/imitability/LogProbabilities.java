package lot4j.imitability;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.where;

import lot4j.Mask;
import lot4j.Output;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The two sides' log-probabilities at a temperature, [*, classes], uncounted positions made
 * uniform.
 */
record LogProbabilities(Tensor free, Tensor reference) {
  private static final double MINUS_INFINITY = Double.NEGATIVE_INFINITY;

  static LogProbabilities of(Output free, Output reference, Mask mask, double temperature) {
    return new LogProbabilities(
        at(free.logits(), mask, temperature), at(reference.logits(), mask, temperature));
  }

  private static Tensor at(Tensor logits, Mask mask, double temperature) {
    Tensor clean = mask.clean(logits);
    return log_softmax(temperature == 1 ? clean : clean.div(new Scalar(temperature)), -1);
  }

  /** The same with the roles exchanged. */
  LogProbabilities swapped() {
    return new LogProbabilities(reference, free);
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
