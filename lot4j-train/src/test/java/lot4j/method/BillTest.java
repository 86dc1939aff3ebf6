package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Schedule;
import lot4j.Work;
import lot4j.imitability.KlDivergence;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The planned cost is the counted cost. */
class BillTest {
  private static final long UPDATES = 7;
  private static final long[] TASK = {10, 4}; // samples an epoch, batch: a short batch each epoch
  private static final long[] STUDENT = {7, 3};
  private static final List<MethodSpec> ALONE =
      List.of(
          new TeacherOnly(),
          new LabelSmoothing(0.1),
          new ConfidencePenalty(0.1),
          new Sam(0.05),
          new Sam(0),
          new RDrop(1),
          new RDrop(0),
          new Swa(0.5, Optional.empty(), true),
          OwnCopyTest.of(1, new MeanTeacher(0.9)),
          // α is 0 at first and now and then
          new OwnCopy(
              step -> step == 4 ? 0 : 0.5,
              new KlDivergence(1.5),
              1,
              2,
              new Epochs(true, Optional.empty()),
              new SelfLagged(Optional.empty())));

  @ParameterizedTest
  @CsvSource({
    "TEACHER_FIRST, FRESH_BATCH",
    "TEACHER_FIRST, STUDENT_BATCH",
    "TEACHER_FIRST, TASK_BATCH",
    "STUDENTS_FIRST, FRESH_BATCH",
    "STUDENTS_FIRST, STUDENT_BATCH",
    "STUDENTS_FIRST, TASK_BATCH",
    "JOINT, TASK_BATCH"
  })
  void isWhatTheLearnersCounted(Order order, RegularizeOn regularizeOn) {
    int tried = 0;
    for (int steps : new int[] {0, 1, 2}) {
      for (int every : new int[] {1, 3}) {
        for (long start : new long[] {0, 3}) {
          for (double fraction : new double[] {1, 0.3}) {
            for (int accumulate : new int[] {1, 2}) {
              for (StudentTargets targets : StudentTargets.values()) {
                if (possible(order, regularizeOn, steps, targets)) {
                  LotMethod method =
                      method(order, regularizeOn, steps, every, start, fraction, targets);
                  check(method, accumulate);
                  tried++;
                }
              }
            }
          }
        }
      }
    }
    assertThat(tried).isGreaterThanOrEqualTo(2 * 16);
  }

  private static boolean possible(
      Order order, RegularizeOn regularizeOn, int steps, StudentTargets targets) {
    boolean needsStep = order == Order.JOINT || regularizeOn == RegularizeOn.STUDENT_BATCH;
    boolean mayReuse = order == Order.TEACHER_FIRST && regularizeOn == RegularizeOn.TASK_BATCH;
    return (steps > 0 || !needsStep) && (targets == StudentTargets.FRESH || mayReuse);
  }

  private static LotMethod method(
      Order order,
      RegularizeOn regularizeOn,
      int steps,
      int every,
      long start,
      double fraction,
      StudentTargets targets) {
    KlDivergence kl = new KlDivergence(1.5);
    return new LotMethod(
        // α is 0 now and then after the start, too
        step -> step == 4 ? 0 : 0.5,
        steps,
        kl,
        kl,
        0,
        Optional.of(1.0),
        order,
        regularizeOn,
        start,
        every,
        fraction,
        targets,
        false);
  }

  private static void check(MethodSpec spec, int accumulate) {
    try (PointerScope scope = new PointerScope()) {
      Pace task = new Pace(TASK[0], TASK[1], TASK[1] / accumulate);
      Pace student = new Pace(STUDENT[0], STUDENT[1], Math.max(1, STUDENT[1] / accumulate));
      Toy.Pupil teacher = Toy.pupil(1);
      List<Toy.Pupil> pupils = List.of(Toy.pupil(2), Toy.pupil(3));
      Setting<Toy.Batch> setting =
          new Setting<>(
              new Toy.Rows(),
              teacher.learner,
              Toy.students(pupils.get(0), pupils.get(1)),
              new Toy.Stream(task, 4),
              new Toy.Stream(student, 5),
              Alone.held(teacher.weights),
              UPDATES);
      Method method = spec.at(new Paces(task, student)).over(setting);
      long samples = 0;
      for (long step = 0; step < UPDATES; step++) {
        samples += method.update(step).samples();
      }
      List<Work> counted = new ArrayList<>();
      pupils.forEach(pupil -> counted.add(pupil.learner.work()));
      int students = spec.usesStudents() ? 2 : 0;
      assertThat(spec.bill(UPDATES, students, new Paces(task, student)))
          .as("%s, accumulate %d", spec, accumulate)
          .isEqualTo(new Bill(samples, teacher.learner.work(), counted.subList(0, students)));
    }
  }

  @Test
  void ofTheTeacherAloneIsWhatItCounted() {
    for (MethodSpec method : ALONE) {
      check(method, 1);
      check(method, 2);
    }
  }

  /** lot.md 4.9 in forwards of one size: released 4N + 2, paper on a fresh batch 6 + 1 + 4N. */
  @Test
  void agreesWithTheCostModel() {
    Paces paces = new Paces(new Pace(8, 8, 8), new Pace(8, 8, 8));
    for (int n = 1; n <= 5; n++) {
      LotMethod released =
          method(Order.JOINT, RegularizeOn.TASK_BATCH, n, 1, 0, 1, StudentTargets.FRESH);
      LotMethod paper =
          method(Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH, n, 1, 0, 1, StudentTargets.FRESH);
      assertThat(released.bill(1, 1, paces).flops(1, List.of(1.0)) / 8).isEqualTo(4 * n + 2);
      assertThat(paper.bill(1, 1, paces).flops(1, List.of(1.0)) / 8).isEqualTo(6 + 1 + 4 * n);
    }
  }

  @Test
  void reusedTargetsSaveTheTeachersAnswer() {
    Paces paces = new Paces(new Pace(8, 8, 8), new Pace(8, 8, 8));
    LotMethod fresh =
        method(Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, 1, 1, 0, 1, StudentTargets.FRESH);
    LotMethod reuse =
        method(Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, 1, 1, 0, 1, StudentTargets.REUSE);
    assertThat(fresh.bill(3, 1, paces).teacher().forward()).isEqualTo(48);
    assertThat(reuse.bill(3, 1, paces).teacher().forward()).isEqualTo(24);
  }

  @Test
  void anAlphaOfZeroSkipsTheRegularizersForward() {
    Paces paces = new Paces(new Pace(8, 8, 8), new Pace(8, 8, 8));
    LotMethod off =
        new LotMethod(
            Schedule.constant(0),
            1,
            new KlDivergence(1),
            new KlDivergence(1),
            0,
            Toy.one(),
            Order.TEACHER_FIRST,
            RegularizeOn.FRESH_BATCH,
            0,
            1,
            1,
            StudentTargets.FRESH,
            false);
    Bill bill = off.bill(1, 1, paces);
    assertThat(bill.teacher()).isEqualTo(new Work(16, 8, 1));
    assertThat(bill.students()).containsExactly(new Work(8, 8, 1));
  }
}
