package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import lot4j.Imitability;
import lot4j.Schedule;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variants of LoT that separate the explanations of a gain. */
class ControlsTest {
  private static final Imitability KL = new KlDivergence(Direction.FREE_REFERENCE, 1, false);

  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  static LotMethod lot(int steps, Order order, RegularizeOn regularizeOn) {
    return new LotMethod(
        Schedule.constant(0.8),
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

  @ParameterizedTest
  @CsvSource({"FRESH_BATCH", "TASK_BATCH"})
  void frozenStudentsAreLotWithoutStudentStepsToTheBit(RegularizeOn regularizeOn) {
    Fleet frozen = Fleet.of(2);
    frozen.run(new FrozenStudent(lot(3, Order.TEACHER_FIRST, regularizeOn)), 6);
    Fleet lot = Fleet.of(2);
    lot.run(lot(0, Order.TEACHER_FIRST, regularizeOn), 6);
    Fleet.assertSameBits(frozen.states(), lot.states());
    assertThat(frozen.student(0).state().equal(Toy.pupil(2).state())).isTrue();
    assertThat(frozen.teacher().state().equal(Toy.pupil(1).state())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "TEACHER_FIRST, STUDENT_BATCH, TEACHER_FIRST, FRESH_BATCH",
    "STUDENTS_FIRST, TASK_BATCH, STUDENTS_FIRST, TASK_BATCH",
    "JOINT, TASK_BATCH, TEACHER_FIRST, TASK_BATCH"
  })
  void frozenStudentsTakeEveryOrderAndBatch(
      Order order, RegularizeOn regularizeOn, Order then, RegularizeOn thenOn) {
    LotMethod frozen = new FrozenStudent(lot(2, order, regularizeOn)).lot();
    assertThat(frozen.order()).isEqualTo(then);
    assertThat(frozen.regularizeOn()).isEqualTo(thenOn);
    assertThat(frozen.steps()).isZero();
    Fleet.assertBillIsCounted(new FrozenStudent(lot(2, order, regularizeOn)), 1, 7);
  }

  @Test
  void aPeerLearnsTheLabelsAndTheTeacherIsPulledTowardIt() {
    Fleet fleet = Fleet.of(2);
    fleet.run(new PeerWithoutImitation(lot(2, Order.JOINT, RegularizeOn.TASK_BATCH)), 1);
    Toy.Pupil twin = Toy.pupil(2);
    for (Toy.Batch batch :
        List.of(fleet.tasks.given.get(0).get(0), fleet.lessons.given.get(0).get(0))) {
      twin.learner.descend(torch.cross_entropy(Fleet.logits(twin, batch), batch.labels()));
    }
    Fleet.assertClose(fleet.student(0).state(), twin.state());

    Toy.Pupil teacher = Toy.pupil(1);
    Toy.Batch batch = fleet.tasks.given.get(0).get(0);
    Tensor own = Fleet.logits(teacher, batch);
    torch
        .cross_entropy(own, batch.labels())
        .add(Fleet.kl(own, Fleet.logits(Toy.pupil(2), batch).detach()).mul(new Scalar(0.8)))
        .backward();
    Fleet.assertClose(fleet.teacher().gradients.get(0), teacher.weights.gradients());
  }

  @ParameterizedTest
  @CsvSource({"TEACHER_FIRST, FRESH_BATCH", "JOINT, TASK_BATCH"})
  void aPeerWithoutImitationCostsWhatLotCosts(Order order, RegularizeOn regularizeOn) {
    LotMethod lot = lot(2, order, regularizeOn);
    Fleet.assertBillIsCounted(new PeerWithoutImitation(lot), 2, 7);
    Paces paces = new Paces(new Pace(10, 4, 4), new Pace(7, 3, 3));
    assertThat(new PeerWithoutImitation(lot).bill(7, 2, paces)).isEqualTo(lot.bill(7, 2, paces));
  }

  @Test
  void twoNetworksOfAnEnsembleAreTwoTeachersAloneToTheBit() {
    Fleet pair = Fleet.of(2);
    List<Update> updates = pair.run(new TwoNetworkEnsemble(), 5);
    for (int seed = 1; seed <= 2; seed++) {
      Fleet alone = Fleet.of(1);
      Toy.copy(Toy.pupil(seed), alone.teacher());
      alone.run(new TeacherOnly(), 5);
      assertThat(pair.pupils.get(seed - 1).state().equal(alone.teacher().state())).isTrue();
    }
    assertThat(updates.get(0).others()).containsOnlyKeys("student0/loss", "student0/task_loss");
    Fleet.assertBillIsCounted(new TwoNetworkEnsemble(), 1, 7);
    assertThat(new TwoNetworkEnsemble().judged()).isEqualTo("ensemble");
  }

  @Test
  void aShuffledStudentPullsTowardItsAnswersOnTheNextSample() {
    Fleet fleet = Fleet.of(2);
    fleet.run(new ShuffledStudent(lot(1, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH)), 1);
    Toy.Batch batch = fleet.tasks.given.get(0).get(0);
    Toy.Pupil teacher = Toy.pupil(1);
    Tensor own = Fleet.logits(teacher, batch);
    Tensor answers = Fleet.logits(Toy.pupil(2), batch).detach();
    Tensor moved = torch.cat(new TensorVector(answers.narrow(0, 7, 1), answers.narrow(0, 0, 7)), 0);
    torch
        .cross_entropy(own, batch.labels())
        .add(Fleet.kl(own, moved).mul(new Scalar(0.8)))
        .backward();
    Fleet.assertClose(fleet.teacher().gradients.get(0), teacher.weights.gradients());

    // the student learns as ever
    Fleet lot = Fleet.of(2);
    lot.run(lot(1, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH), 1);
    Toy.copy(fleet.teacher(), lot.teacher());
    Toy.Pupil student = Toy.pupil(2);
    Toy.Batch lesson = fleet.lessons.given.get(0).get(0);
    Fleet.kl(Fleet.logits(student, lesson), Fleet.logits(fleet.teacher(), lesson).detach())
        .backward();
    Fleet.assertClose(fleet.student(0).gradients.get(0), student.weights.gradients());
    Fleet.assertBillIsCounted(
        new ShuffledStudent(lot(1, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH)), 1, 7);
  }

  @Test
  void freshStudentsBeginAnewEveryPeriod() {
    Fleet fleet = Fleet.of(3);
    FreshStudent spec = new FreshStudent(lot(1, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH), 3);
    Method method = fleet.over(spec, 8);
    long[] generations = {0, 0, 0, 1, 1, 1, 2, 2};
    for (int step = 0; step < generations.length; step++) {
      method.update(step);
      assertThat(fleet.generation(0)).as("step %d", step).isEqualTo(generations[step]);
      assertThat(fleet.generation(1)).as("step %d", step).isEqualTo(generations[step]);
    }
    Fleet.assertBillIsCounted(spec, 2, 7);
  }

  @Test
  void aPeriodAsLongAsTheRunIsLotToTheBit() {
    LotMethod lot = lot(1, Order.JOINT, RegularizeOn.TASK_BATCH);
    Fleet fresh = Fleet.of(2);
    fresh.run(new FreshStudent(lot, 5), 5);
    Fleet plain = Fleet.of(2);
    plain.run(lot, 5);
    Fleet.assertSameBits(fresh.states(), plain.states());
  }
}
