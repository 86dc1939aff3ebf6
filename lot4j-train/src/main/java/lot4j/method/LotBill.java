package lot4j.method;

import lot4j.train.Pace;

/** What LoT's updates compute, worked out from batch sizes in the order of {@link LotUpdate}. */
final class LotBill {
  private final LotMethod method;
  private final Paces paces;
  private final long draws;

  LotBill(LotMethod method, Paces paces) {
    this.method = method;
    this.paces = paces;
    this.draws = draws();
  }

  /** Batches that LoT's part of an update takes from the students' stream, the same every time. */
  private long draws() {
    Drawn drawn = new Drawn(paces.student(), 0);
    bill(new Bill.Tally(), false, 0, drawn);
    return drawn.index;
  }

  Bill of(long updates, int students) {
    return new Recurring(period(), this::alike).sum(updates, this::update).bill(students);
  }

  /** After so many updates both streams are where they were in their epochs. */
  private long period() {
    long student = paces.student().stepsPerEpoch();
    long turn = student / Recurring.divisor(student, draws);
    return Recurring.together(
        paces.task().stepsPerEpoch(), Math.multiplyExact(turn, method.every()));
  }

  private boolean alike(long from, long to) {
    boolean filled =
        method
            .epochs()
            .review()
            .map(review -> paces.task().total(from) >= kept(review))
            .orElse(true);
    return filled && (method.observe() || method.alphaInForce().alike(from, to));
  }

  private void update(Bill.Tally tally, long step) {
    if (step % paces.task().stepsPerEpoch() == 0) {
      tally.teacherAnswers(paces.task().acting());
    }
    tally.teacherStep(paces.task().samples(step), paces.task().taken(step));
    if (step % method.every() == 0) {
      long part = paces.task().samples(step, method.batchFraction());
      long before = Math.multiplyExact(step / method.every(), draws);
      boolean regularizes = method.observe() || method.alphaAt(step) > 0;
      bill(tally, regularizes, part, new Drawn(paces.student(), before));
    }
    if (method.epochs().endsAt(step)) {
      review(tally, method.epochs().review().orElseThrow(), step);
    }
  }

  /** The most states that there are to go over. */
  private long kept(Review review) {
    return Math.multiplyExact(review.states(), paces.memories());
  }

  private void review(Bill.Tally tally, Review review, long step) {
    long met = paces.task().total(step + 1);
    long size = Math.min(kept(review), met);
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

    Drawn(Pace pace, long index) {
      this.pace = pace;
      this.index = index;
    }

    long next() {
      return pace.samples(index++, method.batchFraction());
    }
  }
}
