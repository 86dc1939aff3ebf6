package lot4j.method;

import java.util.Optional;

/**
 * The control for what a student learns: students that never do. LoT with N = 0, whatever {@code
 * lot.steps} says: the teacher is pulled toward the answers of networks that keep their initial
 * weights. What remains of LoT's gain is regularization by noise, not imitability.
 *
 * <p>Order joint becomes teacher-first and a regularizer's batch that a student step would share is
 * drawn for the regularizer alone, for there is no student step.
 *
 * @param lot the method without its student steps
 */
public record FrozenStudent(LotMethod lot) implements MethodSpec {
  public FrozenStudent {
    lot =
        new LotMethod(
            lot.alpha(),
            0,
            lot.teacherMetric(),
            lot.studentMetric(),
            lot.studentTaskWeight(),
            lot.studentMetricWeight(),
            lot.order() == Order.JOINT ? Order.TEACHER_FIRST : lot.order(),
            lot.regularizeOn() == RegularizeOn.STUDENT_BATCH
                ? RegularizeOn.FRESH_BATCH
                : lot.regularizeOn(),
            lot.start(),
            lot.every(),
            lot.batchFraction(),
            StudentTargets.FRESH,
            lot.observe(),
            new Epochs(lot.epochs().startAfterFirst(), Optional.empty(), lot.epochs().steps()));
  }

  @Override
  public FrozenStudent at(Paces paces) {
    return new FrozenStudent(lot.at(paces));
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
