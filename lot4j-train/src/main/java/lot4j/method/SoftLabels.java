package lot4j.method;

import java.util.Optional;
import lot4j.Exercise;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Piecewise;
import lot4j.Require;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import org.bytedeco.pytorch.Tensor;

/**
 * The loss of knowledge distillation: {@code (1 − β)·CE(p) + β·τ²·KL(sg[q^τ] ‖ p^τ)}, q the
 * finished networks' answer.
 *
 * <p>Source: Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network", 2015, section
 * 2.
 *
 * @param beta β, from 0, labels alone, to 1, answers alone
 * @param temperature τ, above 0
 */
public record SoftLabels(double beta, double temperature) implements Distillation.Loss {
  public SoftLabels {
    Require.that(beta >= 0 && beta <= 1, "beta", beta, "0 to 1");
    Require.positive("temperature", temperature);
  }

  /** As much labels as answers, at the temperature that later works commonly use. */
  public static SoftLabels defaults() {
    return new SoftLabels(0.5, 4);
  }

  @Override
  public double labelWeight() {
    return 1 - beta;
  }

  @Override
  public Penalty toward(
      Output target, Output own, Exercise exercise, Optional<Tensor> classes, double done) {
    KlDivergence kl = new KlDivergence(Direction.REFERENCE_FREE, temperature, true);
    return LabelStep.penalty(Piecewise.measure(kl, own, target, exercise.mask()), beta);
  }
}
