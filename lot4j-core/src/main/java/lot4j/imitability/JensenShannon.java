package lot4j.imitability;

import static org.bytedeco.pytorch.global.torch.logaddexp;
import static org.bytedeco.pytorch.global.torch.where;

import lot4j.Imitability;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Require;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The Jensen-Shannon divergence: symmetric, at most ln 2, finite where the KL divergence is not.
 * The mixture depends on both sides and is differentiated in both. Source: J. Lin, "Divergence
 * measures based on the Shannon entropy", 1991.
 *
 * @param temperature divides both logits, above 0
 * @param scaleByT2 whether to multiply by the squared temperature
 */
public record JensenShannon(double temperature, boolean scaleByT2) implements Imitability {
  public JensenShannon {
    Require.positive("temperature", temperature);
  }

  @Override
  public Tensor measure(Output free, Output reference, Mask mask) {
    LogProbabilities sides = LogProbabilities.of(free, reference, mask, temperature, scaleByT2);
    Tensor p = sides.free();
    Tensor q = sides.reference();
    Tensor absent =
        p.eq(new Scalar(Double.NEGATIVE_INFINITY))
            .logical_and(q.eq(new Scalar(Double.NEGATIVE_INFINITY)));
    // An absent class takes a harmless value before logaddexp: -inf on both sides has no gradient.
    Tensor mixture =
        logaddexp(where(absent, new Scalar(0), p), where(absent, new Scalar(0), q))
            .sub(new Scalar(Math.log(2)));
    Tensor each = sides.towards(mixture).kl().add(sides.swapped().towards(mixture).kl());
    return LogProbabilities.scaled(
        sides.mean(mask, each).mul(new Scalar(0.5)), temperature, scaleByT2);
  }
}
