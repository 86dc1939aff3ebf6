package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.Imitability;
import lot4j.Memory;
import lot4j.Schedule;
import lot4j.Student;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which batches a LoT update reads, in which order, and what moves then. Long, because every order
 * is told on the same two toy networks and streams, side by side.
 */
class LotMethodTest {
  private static final Imitability KL = new KlDivergence(Direction.FREE_REFERENCE, 1, false);
  private static final Pace EIGHT = new Pace(24, 8, 8);

  private PointerScope scope;
  private Toy.Pupil teacher;
  private Toy.Pupil student;
  private Toy.Stream tasks;
  private Toy.Stream lessons;

  @BeforeEach
  void makeLearners() {
    scope = new PointerScope();
    teacher = Toy.pupil(1);
    student = Toy.pupil(2);
    tasks = new Toy.Stream(EIGHT, 3);
    lessons = new Toy.Stream(EIGHT, 4);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static LotMethod lot(double alpha, int steps, Order order, RegularizeOn regularizeOn) {
    return new LotMethod(
        Schedule.constant(alpha),
        steps,
        KL,
        KL,
        0,
        Optional.of(1.0),
        order,
        regularizeOn,
        0,
        1,
        1,
        StudentTargets.FRESH,
        false);
  }

  private static LotMethod every(LotMethod m, long start, int every) {
    return new LotMethod(
        m.alpha(),
        m.steps(),
        m.teacherMetric(),
        m.studentMetric(),
        m.studentTaskWeight(),
        m.studentMetricWeight(),
        m.order(),
        m.regularizeOn(),
        start,
        every,
        m.batchFraction(),
        m.studentTargets(),
        m.observe());
  }

  private Method over(MethodSpec spec, Student... students) {
    return spec.over(
        new Setting<>(new Toy.Rows(), teacher.learner, List.of(students), tasks, lessons));
  }

  private Method over(MethodSpec spec) {
    return over(spec, new Student(student.learner, 1));
  }

  private static Tensor logits(Toy.Pupil pupil, Toy.Batch batch) {
    return pupil.net.forward(batch.inputs(), new Memory()).logits();
  }

  /** Σ p log(p / q), p and q of the two logits, mean over rows; written out. */
  private static Tensor kl(Tensor p, Tensor q) {
    Tensor a = torch.log_softmax(p, -1);
    Tensor b = torch.log_softmax(q, -1);
    return a.exp().mul(a.sub(b)).sum(-1).mean();
  }

  @Test
  void jointWithLabelsIsOneStepOfMutualLearning() {
    Toy.Pupil first = Toy.pupil(1);
    Toy.Pupil second = Toy.pupil(2);
    LotMethod released =
        new LotMethod(
            Schedule.constant(1),
            1,
            KL,
            KL,
            1,
            Optional.of(1.0),
            Order.JOINT,
            RegularizeOn.TASK_BATCH,
            0,
            1,
            1,
            StudentTargets.FRESH,
            false);
    Update update = over(released).update(0);

    Toy.Batch batch = tasks.given.get(0).get(0);
    Tensor a = logits(first, batch);
    Tensor b = logits(second, batch);
    Tensor lossA = torch.cross_entropy(a, batch.labels()).add(kl(a, b.detach()));
    Tensor lossB = torch.cross_entropy(b, batch.labels()).add(kl(b, a.detach()));
    lossA.backward();
    lossB.backward();
    assertSame(teacher.gradients.get(0), first.weights.gradients());
    assertSame(student.gradients.get(0), second.weights.gradients());
    assertThat(update.loss().item_double()).isCloseTo(lossA.item_double(), within(1e-6));
    assertThat(update.lessons().get(0).students().get(0).loss().item_double())
        .isCloseTo(lossB.item_double(), within(1e-6));
    assertThat(update.lessons().get(0).students().get(0).task()).isPresent();
  }

  @Test
  void teacherFirstTeachesTowardTheUpdatedTeacher() {
    Toy.Pupil twinTeacher = Toy.pupil(1);
    Toy.Pupil twinStudent = Toy.pupil(2);
    over(lot(0.7, 1, Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH)).update(0);

    Toy.Batch own = tasks.given.get(0).get(0);
    Toy.Batch regularizer = lessons.given.get(0).get(0);
    Toy.Batch lesson = lessons.given.get(1).get(0);
    torch
        .cross_entropy(logits(twinTeacher, own), own.labels())
        .add(
            kl(logits(twinTeacher, regularizer), logits(twinStudent, regularizer).detach())
                .mul(new Scalar(0.7)))
        .backward();
    assertSame(teacher.gradients.get(0), twinTeacher.weights.gradients());
    twinStudent.learner.zeroGrad();
    Toy.copy(teacher, twinTeacher); // the teacher has stepped by now
    kl(logits(twinStudent, lesson), logits(twinTeacher, lesson).detach()).backward();
    assertSame(student.gradients.get(0), twinStudent.weights.gradients());
  }

  @Test
  void studentsFirstRegularizesTowardTheUpdatedStudents() {
    Toy.Pupil twinTeacher = Toy.pupil(1);
    Toy.Pupil twinStudent = Toy.pupil(2);
    over(lot(1, 2, Order.STUDENTS_FIRST, RegularizeOn.STUDENT_BATCH)).update(0);

    assertThat(lessons.drawn()).isEqualTo(2);
    Toy.Batch own = tasks.given.get(0).get(0);
    Toy.Batch last = lessons.given.get(1).get(0);
    Toy.copy(student, twinStudent);
    torch
        .cross_entropy(logits(twinTeacher, own), own.labels())
        .add(kl(logits(twinTeacher, last), logits(twinStudent, last).detach()))
        .backward();
    assertSame(teacher.gradients.get(0), twinTeacher.weights.gradients());
  }

  @Test
  void theStudentBatchServesTheRegularizerAndTheFirstStudentStep() {
    over(lot(1, 2, Order.TEACHER_FIRST, RegularizeOn.STUDENT_BATCH)).update(0);
    assertThat(lessons.drawn()).isEqualTo(2);

    Toy.Pupil twinTeacher = Toy.pupil(1);
    Toy.Pupil twinStudent = Toy.pupil(2);
    Toy.copy(teacher, twinTeacher);
    Toy.Batch shared = lessons.given.get(0).get(0);
    kl(logits(twinStudent, shared), logits(twinTeacher, shared).detach()).backward();
    assertSame(student.gradients.get(0), twinStudent.weights.gradients());
  }

  @Test
  void reusedTargetsAreTheTeachersAnswersBeforeItsStep() {
    LotMethod fresh = lot(1, 1, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH);
    LotMethod reuse =
        new LotMethod(
            fresh.alpha(),
            1,
            KL,
            KL,
            0,
            Optional.of(1.0),
            Order.TEACHER_FIRST,
            RegularizeOn.TASK_BATCH,
            0,
            1,
            1,
            StudentTargets.REUSE,
            false);
    over(reuse).update(0);
    Toy.Pupil before = Toy.pupil(1);
    Toy.Pupil twinStudent = Toy.pupil(2);
    Toy.Batch own = tasks.given.get(0).get(0);
    kl(logits(twinStudent, own), logits(before, own).detach()).backward();
    assertSame(student.gradients.get(0), twinStudent.weights.gradients());
    assertThat(lessons.drawn()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = RegularizeOn.class,
      names = {"FRESH_BATCH", "TASK_BATCH"})
  void withoutStudentStepsTheStudentsStayUntouched(RegularizeOn regularizeOn) {
    Tensor before = student.state();
    Tensor teacherBefore = teacher.state();
    Method method = over(lot(1, 0, Order.TEACHER_FIRST, regularizeOn));
    for (int step = 0; step < 4; step++) {
      assertThat(method.update(step).lessons()).isEmpty();
    }
    assertThat(student.state().equal(before)).isTrue();
    assertThat(student.weights.gradients().abs().sum().item_double()).isZero(); // ∂R/∂φ = 0
    assertThat(teacher.state().equal(teacherBefore)).isFalse();
  }

  @Test
  void theRegularizerReachesTheTeacherAndTheLessonsDoNot() {
    Toy.Pupil alone = Toy.pupil(1);
    new TeacherOnly()
        .over(
            new Setting<>(
                new Toy.Rows(), alone.learner, List.of(), new Toy.Stream(EIGHT, 3), lessons))
        .update(0);
    over(lot(1, 3, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH)).update(0);
    // ∂R/∂θ ≠ 0
    assertThat(torch.allclose(teacher.gradients.get(0), alone.gradients.get(0))).isFalse();
    // ∂L_s/∂θ = 0: what the teacher stepped along is what it still has after three lessons
    assertThat(teacher.weights.gradients().equal(teacher.gradients.get(0))).isTrue();
    assertThat(teacher.gradients).hasSize(1);
    assertThat(student.gradients).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "TEACHER_FIRST, FRESH_BATCH",
    "TEACHER_FIRST, STUDENT_BATCH",
    "STUDENTS_FIRST, TASK_BATCH",
    "JOINT, TASK_BATCH"
  })
  void anAlphaOfZeroTrainsTheTeacherAloneToTheBit(Order order, RegularizeOn regularizeOn) {
    Toy.Spec spec = new Toy.Spec(true, 0);
    teacher = Toy.pupil(spec, 1);
    Method lot = over(lot(0, 2, order, regularizeOn));
    Toy.Pupil alone = Toy.pupil(spec, 1);
    Method only =
        new TeacherOnly()
            .over(
                new Setting<>(
                    new Toy.Rows(),
                    alone.learner,
                    List.of(),
                    new Toy.Stream(EIGHT, 3),
                    new Toy.Stream(EIGHT, 4)));
    for (int step = 0; step < 5; step++) {
      lot.update(step);
      only.update(step);
    }
    assertThat(teacher.state().equal(alone.state())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "TEACHER_FIRST, FRESH_BATCH",
    "TEACHER_FIRST, TASK_BATCH",
    "STUDENTS_FIRST, STUDENT_BATCH",
    "JOINT, TASK_BATCH"
  })
  void anAccumulatedStepIsThatOfOneLargeBatch(Order order, RegularizeOn regularizeOn) {
    Pace parts = new Pace(21, 8, 4); // an epoch ends with 4 + 1
    Pace whole = new Pace(21, 8, 8);
    List<Tensor> states = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (Pace pace : List.of(whole, parts)) {
      teacher = Toy.pupil(1);
      student = Toy.pupil(2);
      tasks = new Toy.Stream(pace, 3);
      lessons = new Toy.Stream(pace, 4);
      Method method = over(lot(0.5, 2, order, regularizeOn));
      for (int step = 0; step < 4; step++) {
        Update update = method.update(step);
        losses.add(update.loss().item_double());
        losses.add(update.lessons().get(1).students().get(0).loss().item_double());
        losses.add(update.penalty().orElseThrow().term().item_double());
      }
      states.add(teacher.state());
      states.add(student.state());
    }
    for (int i = 0; i < losses.size() / 2; i++) {
      assertThat(losses.get(losses.size() / 2 + i)).isCloseTo(losses.get(i), within(1e-5));
    }
    assertThat(torch.allclose(states.get(0), states.get(2), 1e-4, 1e-5, false)).isTrue();
    assertThat(torch.allclose(states.get(1), states.get(3), 1e-4, 1e-5, false)).isTrue();
  }

  @Test
  void twoEqualStudentsOfHalfTheWeightAreOneOfFullWeight() {
    LotMethod method = lot(1, 2, Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH);
    Method one = over(method);
    for (int step = 0; step < 4; step++) {
      one.update(step);
    }
    Tensor single = teacher.state();

    teacher = Toy.pupil(1);
    tasks = new Toy.Stream(EIGHT, 3);
    lessons = new Toy.Stream(EIGHT, 4);
    Method two =
        over(
            method, new Student(Toy.pupil(2).learner, 0.5), new Student(Toy.pupil(2).learner, 0.5));
    for (int step = 0; step < 4; step++) {
      two.update(step);
    }
    assertThat(torch.allclose(teacher.state(), single, 1e-6, 1e-7, false)).isTrue();
  }

  @Test
  void beforeTheStartStudentsLearnAndTheTeacherIsAlone() {
    Method method = over(every(lot(1, 1, Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH), 2, 1));
    for (int step = 0; step < 4; step++) {
      Update update = method.update(step);
      assertThat(update.penalty().isPresent()).isEqualTo(step >= 2);
      assertThat(update.lessons()).hasSize(1);
    }
  }

  @Test
  void onOtherThanEveryKthStepTheTeacherIsAlone() {
    Method method = over(every(lot(1, 2, Order.JOINT, RegularizeOn.TASK_BATCH), 0, 3));
    for (int step = 0; step < 7; step++) {
      Update update = method.update(step);
      assertThat(update.lessons()).hasSize(step % 3 == 0 ? 2 : 0);
      assertThat(update.penalty().isPresent()).isEqualTo(step % 3 == 0);
    }
    assertThat(teacher.learner.work().steps()).isEqualTo(7);
    assertThat(student.learner.work().steps()).isEqualTo(6);
  }

  @Test
  void aMetricWeightThatFollowsAlphaDoesSoBeforeTheStart() {
    LotMethod method =
        new LotMethod(
            step -> 0.25 * (step + 1),
            1,
            KL,
            KL,
            0,
            Optional.empty(),
            Order.TEACHER_FIRST,
            RegularizeOn.FRESH_BATCH,
            5,
            1,
            1,
            StudentTargets.FRESH,
            false);
    Method at = over(method);
    for (int step = 0; step < 3; step++) {
      var mark = at.update(step).lessons().get(0).students().get(0);
      assertThat(mark.loss().item_double())
          .isCloseTo(0.25 * (step + 1) * mark.imitability().item_double(), within(1e-7));
    }
  }

  @Test
  void aFractionOfTheBatchIsItsFirstPart() {
    LotMethod whole = lot(1, 1, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH);
    LotMethod half =
        new LotMethod(
            whole.alpha(),
            1,
            KL,
            KL,
            0,
            Optional.of(1.0),
            Order.TEACHER_FIRST,
            RegularizeOn.TASK_BATCH,
            0,
            1,
            0.5,
            StudentTargets.FRESH,
            false);
    Update update = over(half).update(0);
    Toy.Batch own = tasks.given.get(0).get(0);
    Toy.Batch part = new Toy.Batch(own.inputs().narrow(0, 0, 4), own.labels().narrow(0, 0, 4));
    assertThat(update.penalty().orElseThrow().imitability().item_double())
        .isCloseTo(
            kl(logits(Toy.pupil(1), part), logits(Toy.pupil(2), part)).item_double(), within(1e-6));
    assertThat(update.samples()).isEqualTo(8);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> lot(1, 1, Order.JOINT, RegularizeOn.FRESH_BATCH))
        .hasMessageContaining("regularize-on")
        .hasMessageContaining("task-batch with order joint");
    assertThatThrownBy(() -> lot(1, 0, Order.JOINT, RegularizeOn.TASK_BATCH))
        .hasMessageContaining("steps = 0 is not allowed");
    assertThatThrownBy(() -> lot(1, 0, Order.TEACHER_FIRST, RegularizeOn.STUDENT_BATCH))
        .hasMessageContaining("steps = 0 is not allowed");
    assertThatThrownBy(() -> every(lot(1, 1, Order.JOINT, RegularizeOn.TASK_BATCH), 0, 0))
        .hasMessageContaining("every = 0 is not allowed");
    assertThatThrownBy(() -> over(lot(-1, 1, Order.JOINT, RegularizeOn.TASK_BATCH)).update(0))
        .hasMessageContaining("lot.alpha = -1 is not allowed");
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(torch.allclose(actual, expected, 1e-5, 1e-7, false)).isTrue();
    assertThat(expected.abs().sum().item_double()).isPositive();
  }
}
