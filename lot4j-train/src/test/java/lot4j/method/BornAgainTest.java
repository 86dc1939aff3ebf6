package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BornAgainTest {
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
  void theSecondGenerationLearnsLabelsAndTheFirstOnesAnswers() {
    Fleet fleet = Fleet.of(2);
    Method method = fleet.over(new BornAgain(2, 0.7), 6);
    for (int step = 0; step < 3; step++) {
      Update update = method.update(step);
      assertThat(update.samples()).isZero();
      assertThat(update.taken()).isZero();
      assertThat(update.others()).containsOnlyKeys("student0/loss", "student0/task_loss");
    }
    assertThat(fleet.teacher().state().equal(Toy.pupil(1).state())).isTrue();
    Tensor finished = fleet.student(0).state();

    Update update = method.update(3);
    Toy.Batch batch = fleet.tasks.given.get(3).get(0);
    Toy.Pupil twin = Toy.pupil(1);
    Tensor own = Fleet.logits(twin, batch);
    Tensor before = Fleet.logits(fleet.student(0), batch).detach();
    Tensor loss =
        torch.cross_entropy(own, batch.labels()).add(Fleet.kl(before, own).mul(new Scalar(0.7)));
    loss.backward();
    Fleet.assertClose(fleet.teacher().gradients.get(0), twin.weights.gradients());
    assertThat(update.loss().item_double()).isCloseTo(loss.item_double(), within(1e-6));
    assertThat(update.samples()).isEqualTo(8);
    assertThat(fleet.student(0).state().equal(finished)).isTrue();
  }

  @Test
  void theFirstGenerationIsATeacherAloneToTheBit() {
    Fleet fleet = Fleet.of(2);
    Method method = fleet.over(BornAgain.defaults(), 8);
    for (int step = 0; step < 4; step++) {
      method.update(step);
    }
    Fleet alone = Fleet.of(1);
    Toy.copy(Toy.pupil(2), alone.teacher());
    alone.run(new TeacherOnly(), 4);
    assertThat(fleet.student(0).state().equal(alone.teacher().state())).isTrue();
  }

  /** Three updates are an epoch, so the second training begins where the first one did. */
  @Test
  void aWeightOfZeroTrainsTheTeacherAloneToTheBit() {
    Fleet fleet = Fleet.of(2);
    fleet.run(new BornAgain(2, 0), 12);
    Fleet alone = Fleet.of(1);
    alone.run(new TeacherOnly(), 6);
    assertThat(fleet.teacher().state().equal(alone.teacher().state())).isTrue();
  }

  @Test
  void eachGenerationLearnsFromTheOneBefore() {
    Fleet fleet = Fleet.of(3);
    List<Update> updates = fleet.run(new BornAgain(3, 1), 9);
    assertThat(updates.get(4).others())
        .containsOnlyKeys("student1/loss", "student1/task_loss", "student1/imitability");
    assertThat(fleet.student(0).gradients).hasSize(3);
    assertThat(fleet.student(1).gradients).hasSize(3);
    assertThat(fleet.teacher().gradients).hasSize(3);
    // the second generation took the first one's answers, the teacher the second one's
    assertThat(fleet.student(0).learner.work().forward()).isEqualTo(48);
    assertThat(fleet.student(1).learner.work().forward()).isEqualTo(48);
    assertThat(fleet.teacher().learner.work().forward()).isEqualTo(24);
  }

  @Test
  void costsWhatItPlans() {
    Fleet.assertBillIsCounted(new BornAgain(2, 1), 1, 6);
    Fleet.assertBillIsCounted(new BornAgain(3, 1), 2, 9);
  }

  @Test
  void anAccumulatedStepIsThatOfOneLargeBatch() {
    Fleet.assertAccumulates(new BornAgain(2, 1), 1, 8);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new BornAgain(1, 1)).hasMessageContaining("generations = 1");
    assertThatThrownBy(() -> new BornAgain(2, -1)).hasMessageContaining("weight = -1");
  }
}
