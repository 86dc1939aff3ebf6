package lot4j.method;

import java.util.List;
import java.util.Optional;
import lot4j.Exercise;
import lot4j.Imitability;
import lot4j.Lesson;
import lot4j.Lot;
import lot4j.Require;
import lot4j.Schedule;
import lot4j.Student;
import lot4j.StudentLoss;
import lot4j.train.Task;

/**
 * Learning from Teaching: when {@link Lot}'s two verbs are called, and on which batches.
 *
 * <p>Source: Jin, Che et al., NeurIPS 2024, Algorithm 1 (order teacher-first on a fresh batch), and
 * the authors' released code (order joint on the task batch).
 *
 * @param alpha α at each teacher step
 * @param steps N; in joint order the joint step counts
 * @param teacherMetric μ in the teacher's loss
 * @param studentMetric μ in the students' losses
 * @param studentTaskWeight weight of the labels in a student's loss; 0 as in the paper
 * @param studentMetricWeight weight of μ in a student's loss; empty follows α
 * @param order who steps first
 * @param regularizeOn the regularizer's batch
 * @param start α is 0 before this teacher step; students learn from step 0
 * @param every LoT's part happens on every k-th teacher step only, beginning with the first
 * @param batchFraction the part of a batch that the regularizer and the students use
 * @param studentTargets where the first student step's targets come from
 * @param observe whether μ is measured, without gradient, on teacher steps where α is 0; training
 *     leaves it off, for it costs forwards
 * @param epochs what goes by the epochs of the task's stream
 */
public record LotMethod(
    Schedule alpha,
    int steps,
    Imitability teacherMetric,
    Imitability studentMetric,
    double studentTaskWeight,
    Optional<Double> studentMetricWeight,
    Order order,
    RegularizeOn regularizeOn,
    long start,
    int every,
    double batchFraction,
    StudentTargets studentTargets,
    boolean observe,
    Epochs epochs)
    implements MethodSpec {

  public LotMethod {
    Require.atLeast("steps", steps, 0);
    Require.atLeast("every", every, 1);
    Require.atLeast("start", start, 0L);
    Require.that(
        batchFraction > 0 && batchFraction <= 1,
        "batch-fraction",
        batchFraction,
        "above 0, at most 1");
    Require.that(
        order != Order.JOINT || regularizeOn == RegularizeOn.TASK_BATCH,
        "regularize-on",
        regularizeOn,
        "task-batch with order joint");
    Require.that(
        steps >= 1 || (order != Order.JOINT && regularizeOn != RegularizeOn.STUDENT_BATCH),
        "steps",
        steps,
        "1 or more with order joint or regularize-on student-batch");
    Require.that(
        studentTargets == StudentTargets.FRESH
            || (regularizeOn == RegularizeOn.TASK_BATCH && order == Order.TEACHER_FIRST),
        "student-targets",
        studentTargets,
        "reuse only with regularize-on task-batch and order teacher-first");
  }

  /** LoT that does not go by epochs. */
  public LotMethod(
      Schedule alpha,
      int steps,
      Imitability teacherMetric,
      Imitability studentMetric,
      double studentTaskWeight,
      Optional<Double> studentMetricWeight,
      Order order,
      RegularizeOn regularizeOn,
      long start,
      int every,
      double batchFraction,
      StudentTargets studentTargets,
      boolean observe) {
    this(
        alpha,
        steps,
        teacherMetric,
        studentMetric,
        studentTaskWeight,
        studentMetricWeight,
        order,
        regularizeOn,
        start,
        every,
        batchFraction,
        studentTargets,
        observe,
        Epochs.none());
  }

  /** The same going by the epochs of the task's stream. */
  public LotMethod with(Epochs others) {
    return new LotMethod(
        alpha,
        steps,
        teacherMetric,
        studentMetric,
        studentTaskWeight,
        studentMetricWeight,
        order,
        regularizeOn,
        start,
        every,
        batchFraction,
        studentTargets,
        observe,
        others);
  }

  /** The same with another measure in the regularizer. */
  LotMethod withTeacherMetric(Imitability other) {
    return new LotMethod(
        alpha,
        steps,
        other,
        studentMetric,
        studentTaskWeight,
        studentMetricWeight,
        order,
        regularizeOn,
        start,
        every,
        batchFraction,
        studentTargets,
        observe,
        epochs);
  }

  @Override
  public LotMethod at(Paces paces) {
    return with(epochs.of(paces.task().stepsPerEpoch()));
  }

  @Override
  public boolean usesStudents() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if something goes by epochs whose length nobody told, or if there
   *     is a review and the students' stream is no {@link lot4j.train.ReplaySource}
   */
  @Override
  public <B> Method over(Setting<B> setting) {
    Lot built = lot(setting);
    return step -> update(setting, built, step);
  }

  /**
   * The algorithm itself, on a setting's learners.
   *
   * @throws IllegalStateException as {@link #over}
   */
  <B> Lot lot(Setting<B> setting) {
    epochs.requireKnown();
    if (epochs.review().isPresent()) {
      LotReview.replay(setting.studentStream());
    }
    Lot.Builder lot =
        Lot.teacher(setting.teacher())
            .teacherMetric(teacherMetric)
            .studentMetric(studentMetric)
            .studentSteps(steps);
    for (Student student : setting.students()) {
      lot.student(student.learner(), student.weight());
    }
    return lot.build();
  }

  /** One update of {@code built}, which may differ from {@link #lot} in the students' weights. */
  <B> Update update(Setting<B> setting, Lot built, long step) {
    Lot now = at(built, step);
    Update update = made(setting, now, step);
    return epochs.endsAt(step) ? update.with(review(setting, now)) : update;
  }

  private <B> Update made(Setting<B> setting, Lot lot, long step) {
    if (step % every != 0) {
      LotUpdate.passOver(setting);
      return TeacherOnly.update(setting);
    }
    return new LotUpdate<>(this, setting, lot).make();
  }

  private <B> List<Lesson> review(Setting<B> setting, Lot lot) {
    return new LotReview<>(
            epochs.review().orElseThrow(), setting, new StudentSteps<>(this, setting, lot))
        .make();
  }

  /** A batch as LoT's part sees it, cut to its fraction. */
  <B> Exercise part(Task<B> task, B batch) {
    Exercise whole = task.exercise(batch);
    return batchFraction == 1 ? whole : task.part(whole, batchFraction);
  }

  /** α in force at a teacher step. */
  double alphaAt(long step) {
    return alphaInForce().at(step);
  }

  Alpha alphaInForce() {
    return new Alpha(alpha, start, epochs);
  }

  private Lot at(Lot lot, long step) {
    // A weight that follows α does so before the start too: students learn from step 0.
    return lot.withAlpha(alphaAt(step))
        .withStudentLoss(
            new StudentLoss(
                studentTaskWeight, studentMetricWeight.orElseGet(() -> alpha.at(step))));
  }

  @Override
  public Bill bill(long updates, int students, Paces paces) {
    return new LotBill(at(paces), paces).of(updates, students);
  }
}
