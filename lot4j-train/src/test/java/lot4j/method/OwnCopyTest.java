package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import lot4j.Imitability;
import lot4j.Learner;
import lot4j.Schedule;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.optim.MemoryState;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnCopyTest {
  private static final Imitability KL = new KlDivergence(Direction.FREE_REFERENCE, 1, false);
  private static final double ALPHA = 20; // a step away from itself nothing is far

  private PointerScope scope;
  private Toy.Pupil teacher;
  private Toy.Pupil twin;

  @BeforeEach
  void makeLearners() {
    scope = new PointerScope();
    teacher = Toy.pupil(1);
    twin = Toy.pupil(1);
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  static OwnCopy of(double alpha, Following following) {
    return new OwnCopy(Schedule.constant(alpha), KL, 0, 1, Epochs.none(), following);
  }

  private static SelfLagged every(long steps) {
    return new SelfLagged(Optional.of(steps));
  }

  /** Task loss and α times KL(own ‖ other) of a later batch, in the engine's own words. */
  private static Tensor expected(Tensor own, Tensor other, Toy.Batch batch) {
    Tensor p = torch.log_softmax(own, -1);
    Tensor q = torch.log_softmax(other.detach(), -1);
    return torch
        .nll_loss(p, batch.labels())
        .add(p.exp().mul(p.sub(q)).sum(-1).mean().mul(new Scalar(ALPHA)));
  }

  @Test
  void aLaggedCopyIsWhatTheTeacherWas() {
    Toy.Stream stream = new Toy.Stream(Alone.TEN, 2);
    Method method = of(ALPHA, every(2)).over(Alone.setting(teacher, stream));
    Toy.Pupil past = Toy.pupil(1);
    Update first = method.update(0);
    assertThat(first.penalty().orElseThrow().imitability().item_double())
        .isCloseTo(0, within(1e-9)); // the copy is the teacher still

    Toy.copy(teacher, twin);
    Update second = method.update(1);
    Toy.Batch batch = stream.given.get(1).get(0);
    Tensor loss = expected(Alone.logits(twin, batch), Alone.logits(past, batch), batch);
    loss.backward();
    Alone.assertClose(second.loss(), loss.item_double());
    assertThat(second.penalty().orElseThrow().term().item_double()).isGreaterThan(1e-4);
    assertThat(
            torch.allclose(teacher.gradients.get(1), twin.weights.gradients(), 1e-4, 1e-6, false))
        .isTrue();

    Update third = method.update(2); // the copy was taken anew
    assertThat(third.penalty().orElseThrow().imitability().item_double())
        .isCloseTo(0, within(1e-9));
    method.close();
  }

  @Test
  void aMeanTeacherIsTheMovingAverage() {
    Toy.Stream stream = new Toy.Stream(Alone.TEN, 2);
    Method method = of(ALPHA, new MeanTeacher(0.25)).over(Alone.setting(teacher, stream));
    Toy.Pupil average = Toy.pupil(1);
    method.update(0);
    Toy.copy(teacher, twin);
    try (NoGradGuard constant = new NoGradGuard()) { // ¼ of the old, ¾ of the new
      Tensor old = average.weights.values().mul(new Scalar(0.25));
      average.weights.values().copy_(old.add(twin.weights.values().mul(new Scalar(0.75))));
    }
    Update second = method.update(1);
    Toy.Batch batch = stream.given.get(1).get(0);
    Tensor loss = expected(Alone.logits(twin, batch), Alone.logits(average, batch), batch);
    loss.backward();
    Alone.assertClose(second.loss(), loss.item_double());
    assertThat(
            torch.allclose(teacher.gradients.get(1), twin.weights.gradients(), 1e-4, 1e-6, false))
        .isTrue();
    method.close();
  }

  @Test
  void anAverageThatKeepsNothingIsACopyOfTheLastStep() {
    Alone.assertSameBits(
        of(ALPHA, new MeanTeacher(0)), of(ALPHA, every(1)), new Toy.Spec(true, 0.3));
  }

  /** Logits that are made late have to be made of the copy's last layer, not of the teacher's. */
  @Test
  void outputsThatAreProjectedPieceByPieceGiveTheSame() {
    twin.net.projects = true;
    Method plain = Alone.over(of(ALPHA, every(5)), teacher, Alone.TEN);
    Method projected = Alone.over(of(ALPHA, every(5)), twin, Alone.TEN);
    for (int step = 0; step < 4; step++) {
      Update expected = plain.update(step);
      Alone.assertClose(projected.update(step).loss(), expected.loss().item_double());
    }
    assertThat(torch.allclose(teacher.state(), twin.state(), 1e-4, 1e-6, false)).isTrue();
  }

  @Test
  void withoutWeightItIsTheTeacherAloneToTheBit() {
    Toy.Spec spec = new Toy.Spec(true, 0.3);
    Alone.assertSameBits(of(0, every(2)), new TeacherOnly(), spec);
    Alone.assertSameBits(of(0, new MeanTeacher(0.9)), new TeacherOnly(), spec);
  }

  @Test
  void gradientsMayBeGathered() {
    Alone.assertPartsMakeTheWhole(of(1, every(3)));
  }

  @Test
  void answeringLeavesNoTraceInTheTeachersStatistics() {
    Toy.Spec norm = new Toy.Spec(true, 0);
    Toy.Pupil copying = Toy.pupil(norm, 1);
    Toy.Pupil plain = Toy.pupil(norm, 1);
    Alone.first(of(ALPHA, every(1)), copying);
    Alone.first(new TeacherOnly(), plain);
    copying
        .weights
        .buffers()
        .forEach((name, b) -> assertThat(b.equal(plain.weights.buffers().get(name))).isTrue());
  }

  @Test
  void aRecurrentCopyRemembersForItselfUntilAGap() {
    Alone.Counting counting = new Alone.Counting(teacher.net);
    Learner learner = Learner.of(counting, Alone.still(teacher.weights));
    Schedule off = step -> step == 2 ? 0 : 1;
    Method method =
        new OwnCopy(off, KL, 0, 1, Epochs.none(), every(9))
            .over(Alone.setting(learner, teacher.weights, new Toy.Stream(Alone.TEN, 2), 9));
    for (int step = 0; step < 4; step++) {
      method.update(step);
    }
    // The copy, then the teacher; the teacher alone at step 2; the copy begins anew.
    assertThat(counting.read).isEqualTo(List.of(0L, 0L, 1L, 1L, 2L, 0L, 3L));
    method.close();
  }

  @Test
  void isAskedFromTheStartOnAndOnEveryKthStep() {
    OwnCopy rare =
        new OwnCopy(Schedule.constant(1), KL, 2, 3, Epochs.none(), every(1))
            .at(new Paces(Alone.TEN, Alone.TEN));
    Method method = rare.over(Alone.setting(teacher, new Toy.Stream(Alone.TEN, 2)));
    for (int step = 0; step < 8; step++) {
      assertThat(method.update(step).penalty().isPresent()).isEqualTo(step == 3 || step == 6);
    }
    method.close();
  }

  @Test
  void goesOnToTheBitAfterARestore() {
    OwnCopy spec = of(ALPHA, every(3));
    Toy.Stream stream = new Toy.Stream(Alone.TEN, 2);
    Method whole = spec.over(Alone.setting(teacher, stream));
    for (int step = 0; step < 5; step++) {
      whole.update(step); // the copy was taken at the end of step 2
    }
    MemoryState state = new MemoryState();
    whole.save(state);
    Toy.copy(teacher, twin);
    Toy.Stream again = new Toy.Stream(Alone.TEN, 2);
    for (int step = 0; step < 5; step++) {
      again.next();
    }
    Method restored = spec.over(Alone.setting(twin, again));
    restored.restore(state);
    assertThat(restored.update(5).loss().item_double())
        .isEqualTo(whole.update(5).loss().item_double());
    whole.close();
    restored.close();
  }

  @Test
  void anEpochIsTheUsualLag() {
    SelfLagged usual = new SelfLagged(Optional.empty()).at(new Paces(Alone.TEN, Alone.TEN));
    assertThat(usual).isEqualTo(every(3));
    assertThat(every(7).at(new Paces(Alone.TEN, Alone.TEN))).isEqualTo(every(7));
  }

  @Test
  void refusesWhatIsNoLagAndNoDecay() {
    assertThatThrownBy(() -> every(0)).hasMessage("every = 0 is not allowed; 1 or more");
    assertThatThrownBy(() -> new MeanTeacher(1))
        .hasMessage("decay = 1 is not allowed; 0 or more and below 1");
  }
}
