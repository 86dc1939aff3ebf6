package lot4j.method;

import java.util.List;
import java.util.Optional;
import lot4j.ReferenceMode;

/**
 * Decoupled knowledge distillation: as {@link KnowledgeDistillation}, with the divergence taken
 * apart into how sure the answers are of the right class and how they rank the others, each with a
 * weight of its own.
 *
 * @param loss the weights, the temperature and the warm-up
 * @param ready for each student, whether it came with trained weights
 */
public record DecoupledDistillation(DecoupledLabels loss, List<Boolean> ready)
    implements MethodSpec {
  public DecoupledDistillation {
    ready = List.copyOf(ready);
  }

  @Override
  public boolean needsClasses() {
    return true;
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
