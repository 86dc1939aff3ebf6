package lot4j.method;

import lot4j.train.Pace;

/** What LoT's updates compute, worked out from batch sizes in the order of {@link LotUpdate}. */
final class LotBill {
  private final LotMethod method;

  LotBill(LotMethod method) {
    this.method = method;
  }

  Bill of(long updates, int students, Paces paces) {
    Bill.Tally tally = new Bill.Tally();
    Drawn drawn = new Drawn(paces.student());
    for (long step = 0; step < updates; step++) {
      if (step % paces.task().stepsPerEpoch() == 0) {
        tally.teacherAnswers(paces.task().acting());
      }
      tally.teacherStep(paces.task().samples(step), paces.task().taken(step));
      if (step % method.every() == 0) {
        long part = paces.task().samples(step, method.batchFraction());
        bill(tally, method.alphaAt(step) > 0 || method.observe(), part, drawn);
      }
      if (method.epochs().endsAt(step)) {
        review(tally, method.epochs().review().orElseThrow(), step, paces);
      }
    }
    return tally.bill(students);
  }

  private void review(Bill.Tally tally, Review review, long step, Paces paces) {
    long met = paces.task().total(step + 1);
    long size = Math.min(review.states() * paces.memories(), met);
    for (int pass = 0; pass < review.passes(); pass++) {
      for (long left = size; left > 0; left -= paces.student().step()) {
        long n = Math.min(left, paces.student().step());
        taught(tally, paces.student().fraction(n, method.batchFraction()));
      }
    }
  }

  private void bill(Bill.Tally tally, boolean regularizes, long task, Drawn drawn) {
    if (method.order() == Order.JOINT) {
      tally.studentsStep(task);
      for (int j = 1; j < method.steps(); j++) {
        taught(tally, drawn.next());
      }
      return;
    }
    long last = 0;
    int first = 0;
    if (method.order() == Order.STUDENTS_FIRST) {
      for (int j = 0; j < method.steps(); j++) {
        last = drawn.next();
        taught(tally, last);
      }
      first = method.steps();
    }
    if (method.regularizeOn() == RegularizeOn.FRESH_BATCH
        || (method.regularizeOn() == RegularizeOn.STUDENT_BATCH
            && method.order() == Order.TEACHER_FIRST)) {
      last = drawn.next();
    }
    if (regularizes && method.regularizeOn() == RegularizeOn.TASK_BATCH) {
      tally.studentsAnswer(task);
    } else if (regularizes) {
      tally.teacherRehearses(last);
      tally.studentsAnswer(last);
    }
    for (int j = first; j < method.steps(); j++) {
      if (j == 0 && method.studentTargets() == StudentTargets.REUSE) {
        tally.studentsStep(task);
      } else {
        taught(
            tally,
            j == 0 && method.regularizeOn() == RegularizeOn.STUDENT_BATCH ? last : drawn.next());
      }
    }
  }

  private static void taught(Bill.Tally tally, long n) {
    tally.teacherAnswers(n);
    tally.studentsStep(n);
  }

  /** Walks along the students' stream. */
  private final class Drawn {
    private final Pace pace;
    private long index;

    Drawn(Pace pace) {
      this.pace = pace;
    }

    long next() {
      return pace.samples(index++, method.batchFraction());
    }
  }
}
