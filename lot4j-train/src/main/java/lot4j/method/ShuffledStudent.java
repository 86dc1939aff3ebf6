package lot4j.method;

import lot4j.imitability.Shuffled;

/**
 * The control for what the students' answers say: LoT whose regularizer compares the teacher with
 * each student's answers on other samples of the batch ({@link Shuffled}). They keep their entropy
 * and lose their content; what remains of LoT's gain is smoothing. The students learn as ever.
 *
 * @param lot the method with a shuffled measure in the regularizer
 */
public record ShuffledStudent(LotMethod lot) implements MethodSpec {
  public ShuffledStudent {
    if (!(lot.teacherMetric() instanceof Shuffled)) {
      lot = lot.withTeacherMetric(new Shuffled(lot.teacherMetric()));
    }
  }

  @Override
  public ShuffledStudent at(Paces paces) {
    return new ShuffledStudent(lot.at(paces));
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  @Override
  public <B> Method over(Setting<B> setting) {
    return lot.over(setting);
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return lot.bill(updates, students, paces);
  }
}
