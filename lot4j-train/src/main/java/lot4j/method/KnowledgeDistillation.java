package lot4j.method;

import java.util.List;
import java.util.Optional;
import lot4j.ReferenceMode;

/**
 * Knowledge distillation from finished networks: the configured students, of whatever size, learn
 * the labels first, or come trained with {@code init-from}; then the teacher learns from labels and
 * from their answers: {@code (1 − β)·CE(p) + β·τ²·KL(sg[q^τ] ‖ p^τ)}, q the mean of their
 * probabilities.
 *
 * <p>Mind the words: the network that is kept is lot4j's teacher in every method; it is what Hinton
 * calls the student. Without a network to load there are two trainings of the budget's length.
 *
 * <p>Source: Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network", 2015.
 *
 * @param loss β and τ
 * @param ready for each student, whether it came with trained weights
 */
public record KnowledgeDistillation(SoftLabels loss, List<Boolean> ready) implements MethodSpec {
  public KnowledgeDistillation {
    ready = List.copyOf(ready);
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public int stages() {
    return new Distillation(ready).stages();
  }

  @Override
  public Optional<ReferenceMode> referenceMode() {
    return Optional.of(ReferenceMode.EVAL);
  }

  @Override
  public boolean finished(int student) {
    return ready.get(student);
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return new Distillation(ready).over(setting, loss);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return new Distillation(ready).bill(updates, paces);
  }
}
