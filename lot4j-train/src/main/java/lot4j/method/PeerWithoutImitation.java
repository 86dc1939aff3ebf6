package lot4j.method;

import java.util.Optional;

/**
 * The control for imitation: the students learn the labels and nothing of the teacher, which is
 * pulled toward them as in LoT. What remains of LoT's gain is distillation from peers that were
 * trained on their own, not the ease with which the teacher is imitated.
 *
 * <p>The same keys, batches and cost as LoT: the students' distance from the teacher is measured
 * and shown, with weight 0 in their loss.
 *
 * @param lot the method with labels in the students' loss in place of the measure
 */
public record PeerWithoutImitation(LotMethod lot) implements MethodSpec {
  public PeerWithoutImitation {
    lot =
        new LotMethod(
            lot.alpha(),
            lot.steps(),
            lot.teacherMetric(),
            lot.studentMetric(),
            1,
            Optional.of(0.0),
            lot.order(),
            lot.regularizeOn(),
            lot.start(),
            lot.every(),
            lot.batchFraction(),
            lot.studentTargets(),
            lot.observe(),
            lot.epochs());
  }

  @Override
  public PeerWithoutImitation at(Paces paces) {
    return new PeerWithoutImitation(lot.at(paces));
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
