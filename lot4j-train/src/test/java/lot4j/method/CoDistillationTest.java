package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lot4j.method.DeepMutualLearning.Turns;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoDistillationTest {
  private static final Pace EIGHT = new Pace(24, 8, 8);

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
  void eachStepsTowardTheOthersStaleAnswers() {
    Fleet fleet = Fleet.of(2);
    Method method = fleet.over(new CoDistillation(2, 1, 0.6), 3);
    assertThat(method.update(0).others()).containsOnlyKeys("student0/loss", "student0/task_loss");
    Toy.Pupil staleTeacher = Toy.pupil(1);
    Toy.Pupil staleStudent = Toy.pupil(2);
    Toy.copy(fleet.teacher(), staleTeacher);
    Toy.copy(fleet.student(0), staleStudent);
    method.update(1); // the copies are taken before it
    Toy.Pupil teacher = Toy.pupil(1);
    Toy.copy(fleet.teacher(), teacher);
    method.update(2); // and not before this one

    Toy.Batch batch = fleet.tasks.given.get(2).get(0);
    Tensor own = Fleet.logits(teacher, batch);
    Tensor stale = Fleet.logits(staleStudent, batch).detach();
    torch
        .cross_entropy(own, batch.labels())
        .add(Fleet.kl(stale, own).mul(new Scalar(0.6)))
        .backward();
    Fleet.assertClose(fleet.teacher().gradients.get(2), teacher.weights.gradients());
    method.close();
  }

  @Test
  void ofThreeEachLearnsFromTheMeanOfTheOthersProbabilities() {
    Fleet fleet = Fleet.of(3);
    fleet.over(new CoDistillation(1, 0, 1), 1).update(0);
    Toy.Batch batch = fleet.tasks.given.get(0).get(0);
    Toy.Pupil twin = Toy.pupil(1);
    Tensor own = Fleet.logits(twin, batch);
    Tensor mean =
        torch
            .softmax(Fleet.logits(Toy.pupil(2), batch), -1)
            .add(torch.softmax(Fleet.logits(Toy.pupil(3), batch), -1))
            .div(new Scalar(2))
            .detach();
    torch.cross_entropy(own, batch.labels()).add(Fleet.kl(mean.log(), own)).backward();
    Fleet.assertClose(fleet.teacher().gradients.get(0), twin.weights.gradients());
  }

  /** Batch norm's statistics of the batch are the same whether a network learns or is asked. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refreshedAtEveryStepItIsMutualLearningToTheBit(boolean norm) {
    Toy.Spec spec = new Toy.Spec(norm, 0);
    Fleet stale = new Fleet(2, EIGHT, EIGHT, spec);
    stale.run(new CoDistillation(1, 0, 1), 6);
    Fleet mutual = new Fleet(2, EIGHT, EIGHT, spec);
    mutual.run(new DeepMutualLearning(Turns.SIMULTANEOUS), 6);
    Fleet.assertSameBits(stale.states(), mutual.states());
  }

  @Test
  void anEndlessBurnInIsTwoTeachersAloneToTheBit() {
    Fleet alone = Fleet.of(2);
    alone.run(new CoDistillation(1, 100, 1), 6);
    Fleet pair = Fleet.of(2);
    pair.run(new TwoNetworkEnsemble(), 6);
    Fleet.assertSameBits(alone.states(), pair.states());
  }

  @Test
  void costsWhatItPlans() {
    for (long burnIn : new long[] {0, 3, 100}) {
      Fleet.assertBillIsCounted(new CoDistillation(2, burnIn, 1), 2, 7);
    }
  }

  @Test
  void anAccumulatedStepIsThatOfOneLargeBatch() {
    Fleet.assertAccumulates(new CoDistillation(2, 1, 1), 2, 5);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new CoDistillation(0, 0, 1)).hasMessageContaining("refresh = 0");
    assertThatThrownBy(() -> new CoDistillation(1, -1, 1)).hasMessageContaining("burn-in = -1");
    assertThatThrownBy(() -> new CoDistillation(1, 0, -1)).hasMessageContaining("weight = -1");
  }
}
