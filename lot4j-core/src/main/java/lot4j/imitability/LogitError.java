package lot4j.imitability;

import static org.bytedeco.pytorch.global.torch.where;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The squared difference of the logits over the temperature, averaged over classes; classes that
 * are {@code -inf} on both sides count neither in the sum nor in the mean. Source: J. Ba and R.
 * Caruana, "Do deep nets really need to be deep?", 2014.
 *
 * @param temperature divides both logits, above 0
 * @param scaleByT2 whether to multiply by the squared temperature
 */
public record LogitError(double temperature, boolean scaleByT2) implements Imitability {
  public LogitError {
    Require.positive("temperature", temperature);
  }

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    Tensor a = mask.clean(free.logits());
    Tensor b = mask.clean(reference.logits());
    Tensor absent =
        a.eq(new Scalar(Double.NEGATIVE_INFINITY))
            .logical_and(b.eq(new Scalar(Double.NEGATIVE_INFINITY)));
    Tensor difference =
        where(absent, new Scalar(0), a)
            .sub(where(absent, new Scalar(0), b))
            .div(new Scalar(temperature));
    Tensor present = absent.logical_not().sum(-1).to(a.scalar_type()).clamp_min(new Scalar(1));
    return LogProbabilities.scaled(
        mask.mean(difference.square().sum(-1).div(present)), temperature, scaleByT2);
  }
}
