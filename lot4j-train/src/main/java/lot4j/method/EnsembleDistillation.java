package lot4j.method;

import java.util.Collections;
import java.util.Optional;
import lot4j.ReferenceMode;
import lot4j.Require;

/**
 * Distillation of an ensemble: several networks like the teacher, each with initial weights of its
 * own, learn the labels side by side; then the teacher learns from labels and from the mean of
 * their probabilities, at temperature τ: {@code (1 − β)·CE(p) + β·τ²·KL(sg[mean q_i^τ] ‖ p^τ)}.
 * What further networks could be used for instead, with one network to deploy.
 *
 * <p>Source: Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network", 2015, sections
 * 3 and 4.
 *
 * @param members of the ensemble, 1 or more
 * @param beta β, from 0, labels alone, to 1, the ensemble alone
 * @param temperature τ, above 0
 */
public record EnsembleDistillation(int members, double beta, double temperature)
    implements MethodSpec {
  public EnsembleDistillation {
    Require.atLeast("members", members, 1);
    Require.that(beta >= 0 && beta <= 1, "beta", beta, "0 to 1");
    Require.positive("temperature", temperature);
  }

  /** Two members; β and τ as in {@link SoftLabels#defaults}. */
  public static EnsembleDistillation defaults() {
    return new EnsembleDistillation(
        2, SoftLabels.defaults().beta(), SoftLabels.defaults().temperature());
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public int copies() {
    return members;
  }

  @Override
  public int stages() {
    return 2;
  }

  @Override
  public Optional<ReferenceMode> referenceMode() {
    return Optional.of(ReferenceMode.EVAL);
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return distillation().over(setting, new SoftLabels(beta, temperature));
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return distillation().bill(updates, paces);
  }

  private Distillation distillation() {
    return new Distillation(Collections.nCopies(members, false));
  }
}
