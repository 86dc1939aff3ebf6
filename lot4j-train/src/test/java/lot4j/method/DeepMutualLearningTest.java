package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import lot4j.Imitability;
import lot4j.Schedule;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.method.DeepMutualLearning.Turns;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeepMutualLearningTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void inTurnEachStepsTowardTheOthersPresentAnswers() {
    Fleet fleet = Fleet.of(2);
    Update update = fleet.run(new DeepMutualLearning(Turns.SEQUENTIAL), 1).get(0);

    Toy.Pupil teacher = Toy.pupil(1);
    Toy.Pupil student = Toy.pupil(2);
    Toy.Batch batch = fleet.tasks.given.get(0).get(0);
    Tensor own = Fleet.logits(teacher, batch);
    Tensor peer = Fleet.logits(student, batch).detach();
    // CE + Σ p_peer·(log p_peer − log p_own)
    Tensor loss = torch.cross_entropy(own, batch.labels()).add(Fleet.kl(peer, own));
    loss.backward();
    Fleet.assertClose(fleet.teacher().gradients.get(0), teacher.weights.gradients());
    assertThat(update.loss().item_double()).isCloseTo(loss.item_double(), within(1e-6));

    Toy.copy(fleet.teacher(), teacher); // it has stepped by now
    Tensor second = Fleet.logits(student, batch);
    Tensor moved = Fleet.logits(teacher, batch).detach();
    torch.cross_entropy(second, batch.labels()).add(Fleet.kl(moved, second)).backward();
    Fleet.assertClose(fleet.student(0).gradients.get(0), student.weights.gradients());
    assertThat(fleet.lessons.drawn()).isZero();
  }

  @Test
  void ofThreeEachLearnsFromTheMeanDivergenceOfTheOtherTwo() {
    Fleet fleet = Fleet.of(3);
    fleet.run(new DeepMutualLearning(Turns.SIMULTANEOUS), 1);

    Toy.Batch batch = fleet.tasks.given.get(0).get(0);
    List<Toy.Pupil> twins = List.of(Toy.pupil(1), Toy.pupil(2), Toy.pupil(3));
    for (int k = 0; k < 3; k++) {
      Tensor own = Fleet.logits(twins.get(k), batch);
      Tensor one = Fleet.logits(twins.get((k + 1) % 3), batch).detach();
      Tensor other = Fleet.logits(twins.get((k + 2) % 3), batch).detach();
      torch
          .cross_entropy(own, batch.labels())
          .add(Fleet.kl(one, own).add(Fleet.kl(other, own)).mul(new Scalar(0.5)))
          .backward();
      Fleet.assertClose(fleet.pupils.get(k).gradients.get(0), twins.get(k).weights.gradients());
      twins.get(k).learner.zeroGrad();
    }
  }

  /** lot.md 7: the released code with N = 1, α = 1, T = 1 is mutual learning. */
  @Test
  void togetherWithOneStudentItIsJointLotWithLabelsToTheBit() {
    Imitability kl = new KlDivergence(Direction.REFERENCE_FREE, 1, false);
    LotMethod released =
        new LotMethod(
            Schedule.constant(1),
            1,
            kl,
            kl,
            1,
            Optional.of(1.0),
            Order.JOINT,
            RegularizeOn.TASK_BATCH,
            0,
            1,
            1,
            StudentTargets.FRESH,
            false);
    Fleet lot = Fleet.of(2);
    List<Update> expected = lot.run(released, 7);
    Fleet mutual = Fleet.of(2);
    List<Update> actual = mutual.run(new DeepMutualLearning(Turns.SIMULTANEOUS), 7);

    Fleet.assertSameBits(mutual.states(), lot.states());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).loss().item_double())
          .isEqualTo(expected.get(i).loss().item_double());
      assertThat(actual.get(i).lessons().get(0).students().get(0).loss().item_double())
          .isEqualTo(expected.get(i).lessons().get(0).students().get(0).loss().item_double());
    }
  }

  @ParameterizedTest
  @EnumSource(Turns.class)
  void equalNetworksLearnTheLabelsAlone(Turns order) {
    Fleet fleet = Fleet.of(2);
    Toy.copy(fleet.teacher(), fleet.student(0));
    Update update = fleet.run(new DeepMutualLearning(order), 1).get(0);
    assertThat(update.penalty().orElseThrow().term().item_double()).isCloseTo(0, within(1e-7));
  }

  @ParameterizedTest
  @EnumSource(Turns.class)
  void costsWhatItPlans(Turns order) {
    Fleet.assertBillIsCounted(new DeepMutualLearning(order), 1, 7);
    Fleet.assertBillIsCounted(new DeepMutualLearning(order), 2, 7);
  }

  @ParameterizedTest
  @EnumSource(Turns.class)
  void anAccumulatedStepIsThatOfOneLargeBatch(Turns order) {
    Fleet.assertAccumulates(new DeepMutualLearning(order), 2, 5);
  }
}
