package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import lot4j.Distribution;
import lot4j.Exercise;
import lot4j.Mask;
import lot4j.Output;
import lot4j.Penalty;
import lot4j.Projection;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Distillation from finished networks: losses by hand, and who learns when. */
class DistillationTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static Tensor own() {
    return torch.tensor(1.0, 0.0, -1.0, 0.5, 2.0, -0.3).view(2, 3);
  }

  private static Tensor target() {
    return torch.tensor(0.4, -0.2, 0.1, 0.1, 0.7, 1.5).view(2, 3);
  }

  private static Tensor right() {
    return torch.tensor(0L, 2L);
  }

  private static double value(Distillation.Loss loss, Output target, Output own, double done) {
    return loss.toward(target, own, Exercise.of(own()), Optional.of(right()), done)
        .term()
        .item_double();
  }

  /** Means of KL(q^4 ‖ p^4) of .0356946, times 16, times .9. */
  @Test
  void softLabelsByHand() {
    SoftLabels loss = new SoftLabels(0.9, 4);
    assertThat(loss.labelWeight()).isCloseTo(0.1, within(1e-15));
    assertThat(value(loss, Output.logits(target()), Output.logits(own()), 0))
        .isCloseTo(0.9 * 0.5711141333745243, within(1e-12));
  }

  /**
   * At τ = 2 the first row has TCKD .0300559 and NCKD .0524493, the second .2138568 and .0240166;
   * the mean of 4·(TCKD + 8·NCKD) is 1.7112807.
   */
  @Test
  void decoupledLabelsByHand() {
    DecoupledLabels loss = new DecoupledLabels(1, 8, 2, 0);
    assertThat(value(loss, Output.logits(target()), Output.logits(own()), 0))
        .isCloseTo(1.7112806978222461, within(1e-12));
    assertThat(
            value(
                new DecoupledLabels(1, 0, 2, 0), Output.logits(target()), Output.logits(own()), 0))
        .isCloseTo(4 * (0.03005585998627326 + 0.21385676936374437) / 2, within(1e-12));
    assertThat(
            value(
                new DecoupledLabels(0, 1, 2, 0), Output.logits(target()), Output.logits(own()), 0))
        .isCloseTo(4 * (0.0524493358640119 + 0.02401662908112627) / 2, within(1e-12));
  }

  @Test
  void decoupledLabelsWarmUp() {
    DecoupledLabels loss = new DecoupledLabels(1, 8, 2, 0.4);
    Output target = Output.logits(target());
    Output own = Output.logits(own());
    assertThat(value(loss, target, own, 0.1)).isCloseTo(1.7112806978222461 / 4, within(1e-12));
    assertThat(value(loss, target, own, 0.3)).isCloseTo(1.7112806978222461 * 3 / 4, within(1e-12));
    assertThat(value(loss, target, own, 0.9)).isCloseTo(1.7112806978222461, within(1e-12));
  }

  /** KL(q ‖ p) = TCKD + (1 − q_t)·NCKD: of one row, β is a number. */
  @Test
  void decoupledAndPlainDistillationAgreeOnOneRow() {
    double rest = 1 - 0.38438974826089617;
    Output own = Output.logits(own().narrow(0, 0, 1));
    Output target = Output.logits(target().narrow(0, 0, 1));
    Optional<Tensor> zero = Optional.of(torch.tensor(new long[] {0}));
    Exercise exercise = Exercise.of(own());
    assertThat(
            new DecoupledLabels(1, rest, 2, 0)
                .toward(target, own, exercise, zero, 0)
                .term()
                .item_double())
        .isCloseTo(4 * 0.06234420884106637, within(1e-12))
        .isCloseTo(
            new SoftLabels(1, 2).toward(target, own, exercise, zero, 0).term().item_double(),
            within(1e-12));
  }

  @Test
  void theGradientOfDecoupledLabelsIsThatOfTheirDifferences() {
    DecoupledLabels loss = new DecoupledLabels(0.7, 3, 1.5, 0);
    Tensor logits = own().requires_grad_(true);
    loss.toward(
            Output.logits(target()),
            Output.logits(logits),
            Exercise.of(own()),
            Optional.of(right()),
            0)
        .term()
        .backward();
    double step = 1e-6;
    for (long row = 0; row < 2; row++) {
      for (long column = 0; column < 3; column++) {
        double[] values = new double[2];
        for (int side = 0; side < 2; side++) {
          Tensor moved = own();
          moved.select(0, row).narrow(0, column, 1).add_(new Scalar(side == 0 ? step : -step));
          values[side] = value(loss, Output.logits(target()), Output.logits(moved), 0);
        }
        assertThat(logits.grad().select(0, row).select(0, column).item_double())
            .isCloseTo((values[0] - values[1]) / (2 * step), within(1e-7));
      }
    }
  }

  /** Features that are the logits already, piece by piece. */
  @Test
  void decoupledLabelsOfProjectedAnswersAreThoseOfLogits() {
    Projection unchanged =
        new Projection() {
          @Override
          public Tensor logits(Tensor features) {
            return features.mul(new Scalar(1));
          }

          @Override
          public List<Tensor> parameters() {
            return List.of();
          }
        };
    Tensor features = own().requires_grad_(true);
    Output own = new Output(new Distribution.Projected(features, unchanged), java.util.Map.of());
    Output target = new Output(new Distribution.Projected(target(), unchanged), java.util.Map.of());
    Penalty penalty =
        new DecoupledLabels(1, 8, 2, 0)
            .toward(target, own, Exercise.of(own()), Optional.of(right()), 0);
    assertThat(penalty.term().item_double()).isCloseTo(1.7112806978222461, within(1e-12));
    penalty.term().backward();
    Tensor logits = own().requires_grad_(true);
    new DecoupledLabels(1, 8, 2, 0)
        .toward(
            Output.logits(target()),
            Output.logits(logits),
            Exercise.of(own()),
            Optional.of(right()),
            0)
        .term()
        .backward();
    assertThat(torch.allclose(features.grad(), logits.grad(), 1e-10, 1e-12, false)).isTrue();
  }

  @Test
  void aRowThatDoesNotCountAddsNothing() {
    Exercise second = new Exercise(own(), Mask.of(torch.tensor(0L, 1L)), Optional.empty());
    double value =
        new DecoupledLabels(1, 8, 2, 0)
            .toward(Output.logits(target()), Output.logits(own()), second, Optional.of(right()), 0)
            .term()
            .item_double();
    assertThat(value).isCloseTo(1.6239592080510181, within(1e-12));
  }

  @Test
  void severalAnswersAreTheMeanOfTheirProbabilitiesAtTheTemperature() {
    Output mean = MeanAnswer.of(List.of(Output.logits(own()), Output.logits(target())), 2);
    Tensor expected =
        torch
            .softmax(own().div(new Scalar(2)), -1)
            .add(torch.softmax(target().div(new Scalar(2)), -1))
            .div(new Scalar(2));
    assertThat(
            torch.allclose(
                torch.softmax(mean.logits().div(new Scalar(2)), -1), expected, 1e-12, 0, false))
        .isTrue();
  }

  @Test
  void theStudentLearnsTheLabelsAndThenTheTeacherLearnsFromIt() {
    Fleet fleet = Fleet.of(2);
    KnowledgeDistillation spec = new KnowledgeDistillation(new SoftLabels(0.3, 2), List.of(false));
    assertThat(spec.stages()).isEqualTo(2);
    Method method = fleet.over(spec, 6);
    for (int step = 0; step < 3; step++) {
      assertThat(method.update(step).others())
          .containsOnlyKeys("student0/loss", "student0/task_loss");
    }
    Fleet alone = Fleet.of(1);
    Toy.copy(Toy.pupil(2), alone.teacher());
    alone.run(new TeacherOnly(), 3);
    assertThat(fleet.student(0).state().equal(alone.teacher().state())).isTrue();

    Update update = method.update(3);
    Toy.Batch batch = fleet.tasks.given.get(3).get(0);
    Toy.Pupil twin = Toy.pupil(1);
    Tensor own = Fleet.logits(twin, batch);
    Tensor half = Fleet.logits(fleet.student(0), batch).detach().div(new Scalar(2));
    Tensor loss =
        torch
            .cross_entropy(own, batch.labels())
            .mul(new Scalar(0.7))
            .add(Fleet.kl(half, own.div(new Scalar(2))).mul(new Scalar(0.3 * 4)));
    loss.backward();
    Fleet.assertClose(fleet.teacher().gradients.get(0), twin.weights.gradients());
    assertThat(update.loss().item_double()).isCloseTo(loss.item_double(), within(1e-6));
    assertThat(update.taskLoss().item_double())
        .isCloseTo(torch.cross_entropy(own, batch.labels()).item_double(), within(1e-6));
    assertThat(fleet.student(0).gradients).hasSize(3);
  }

  /** Half of the teacher's three steps: weights 2/3, 1, 1. */
  @Test
  void theWarmUpGoesByTheTeachersTrainingAlone() {
    Fleet fleet = Fleet.of(2);
    List<Update> updates =
        fleet.run(new DecoupledDistillation(new DecoupledLabels(1, 8, 2, 0.5), List.of(false)), 6);
    double[] weights = {2 / 3.0, 1, 1};
    for (int i = 0; i < 3; i++) {
      Penalty penalty = updates.get(3 + i).penalty().orElseThrow();
      assertThat(penalty.term().item_double() / penalty.imitability().item_double())
          .isCloseTo(weights[i], within(1e-6));
    }
  }

  @Test
  void studentsThatComeTrainedAreNotTrained() {
    KnowledgeDistillation ready = new KnowledgeDistillation(SoftLabels.defaults(), List.of(true));
    assertThat(ready.stages()).isEqualTo(1);
    Fleet fleet = Fleet.of(2);
    fleet.run(ready, 4);
    assertThat(fleet.student(0).gradients).isEmpty();
    assertThat(fleet.teacher().gradients).hasSize(4);

    Fleet half = Fleet.of(3);
    half.run(new KnowledgeDistillation(SoftLabels.defaults(), List.of(true, false)), 6);
    assertThat(half.student(0).gradients).isEmpty();
    assertThat(half.student(1).gradients).hasSize(3);
  }

  @Test
  void theTeacherLearnsFromTheMeanOfTheEnsemble() {
    Fleet fleet = Fleet.of(3);
    EnsembleDistillation spec = new EnsembleDistillation(2, 1, 1);
    assertThat(spec.copies()).isEqualTo(2);
    Method method = fleet.over(spec, 6);
    for (int step = 0; step < 3; step++) {
      assertThat(method.update(step).others())
          .containsOnlyKeys(
              "student0/loss", "student0/task_loss", "student1/loss", "student1/task_loss");
    }
    method.update(3);
    Toy.Batch batch = fleet.tasks.given.get(3).get(0);
    Toy.Pupil twin = Toy.pupil(1);
    Tensor mean =
        torch
            .softmax(Fleet.logits(fleet.student(0), batch), -1)
            .add(torch.softmax(Fleet.logits(fleet.student(1), batch), -1))
            .div(new Scalar(2))
            .detach();
    Fleet.kl(mean.log(), Fleet.logits(twin, batch)).backward();
    Fleet.assertClose(fleet.teacher().gradients.get(0), twin.weights.gradients());
  }

  @Test
  void costsWhatItPlans() {
    Fleet.assertBillIsCounted(
        new KnowledgeDistillation(SoftLabels.defaults(), List.of(false)), 1, 6);
    Fleet.assertBillIsCounted(
        new KnowledgeDistillation(SoftLabels.defaults(), List.of(true, false)), 2, 8);
    Fleet.assertBillIsCounted(
        new KnowledgeDistillation(SoftLabels.defaults(), List.of(true)), 1, 5);
    Fleet.assertBillIsCounted(EnsembleDistillation.defaults(), 2, 6);
    Fleet.assertBillIsCounted(
        new DecoupledDistillation(DecoupledLabels.defaults(), List.of(false)), 1, 6);
  }

  @Test
  void anAccumulatedStepIsThatOfOneLargeBatch() {
    Fleet.assertAccumulates(
        new KnowledgeDistillation(new SoftLabels(0.5, 2), List.of(false)), 1, 6);
    Fleet.assertAccumulates(new EnsembleDistillation(2, 0.5, 2), 2, 6);
    Fleet.assertAccumulates(
        new DecoupledDistillation(new DecoupledLabels(1, 2, 2, 0.7), List.of(false)), 1, 6);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new SoftLabels(1.5, 4)).hasMessageContaining("beta = 1.5");
    assertThatThrownBy(() -> new SoftLabels(0.5, 0)).hasMessageContaining("temperature = 0");
    assertThatThrownBy(() -> new EnsembleDistillation(0, 0.5, 1))
        .hasMessageContaining("members = 0");
    assertThatThrownBy(() -> new DecoupledLabels(1, -1, 4, 0)).hasMessageContaining("beta = -1");
    assertThatThrownBy(() -> new DecoupledLabels(1, 8, 4, 2)).hasMessageContaining("warmup = 2");
    assertThatThrownBy(
            () ->
                DecoupledLabels.defaults()
                    .toward(
                        Output.logits(target()),
                        Output.logits(own()),
                        Exercise.of(own()),
                        Optional.empty(),
                        0))
        .hasMessageContaining("no right classes");
  }
}
