package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lot4j.Learner;
import lot4j.Work;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RDropTest {
  private static final Toy.Spec DROPOUT = new Toy.Spec(false, 0.5);
  private static final double ALPHA = 0.7;

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
  void lossIsTheMeanOfTwoPassesAndTheirDivergence() {
    Toy.Pupil teacher = Toy.pupil(DROPOUT, 1);
    Toy.Pupil twin = Toy.pupil(DROPOUT, 1);
    Toy.Batch batch = Alone.batch();
    Method method = Alone.over(new RDrop(ALPHA), teacher, Alone.TEN);
    torch.manual_seed(5);
    Update update = method.update(0);
    torch.manual_seed(5); // the same two masks
    Tensor one = Alone.logits(twin, batch);
    Tensor other = Alone.logits(twin, batch);

    double[][] p = Alone.logSoftmax(Alone.rows(one));
    double[][] q = Alone.logSoftmax(Alone.rows(other));
    double apart = (divergence(p, q) + divergence(q, p)) / 2;
    double task =
        (Alone.crossEntropy(p, batch.labels()) + Alone.crossEntropy(q, batch.labels())) / 2;
    assertThat(apart).isGreaterThan(1e-3);
    Alone.assertClose(update.taskLoss(), task);
    Alone.assertClose(update.penalty().orElseThrow().imitability(), apart);
    Alone.assertClose(update.penalty().orElseThrow().term(), ALPHA * apart);
    Alone.assertClose(update.loss(), task + ALPHA * apart);
    assertThat(teacher.learner.work()).isEqualTo(new Work(8, 8, 1));

    // Both answers are differentiated.
    Tensor a = torch.log_softmax(one, -1);
    Tensor b = torch.log_softmax(other, -1);
    Tensor both = a.exp().sub(b.exp()).mul(a.sub(b)).sum(-1).mean();
    torch
        .nll_loss(a, batch.labels())
        .add(torch.nll_loss(b, batch.labels()))
        .add(both.mul(new Scalar(ALPHA)))
        .mul(new Scalar(0.5))
        .backward();
    assertThat(
            torch.allclose(teacher.gradients.get(0), twin.weights.gradients(), 1e-4, 1e-6, false))
        .isTrue();
  }

  /** KL(p ‖ q) of rows of log-probabilities, the mean over rows. */
  private static double divergence(double[][] p, double[][] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      for (int c = 0; c < p[i].length; c++) {
        sum += Math.exp(p[i][c]) * (p[i][c] - q[i][c]);
      }
    }
    return sum / p.length;
  }

  @Test
  void outputsThatAreProjectedGiveTheSame() {
    Toy.Pupil teacher = Toy.pupil(DROPOUT, 1);
    Toy.Pupil twin = Toy.pupil(DROPOUT, 1);
    twin.net.projects = true;
    Method plain = Alone.over(new RDrop(ALPHA), teacher, Alone.TEN);
    Method projected = Alone.over(new RDrop(ALPHA), twin, Alone.TEN);
    torch.manual_seed(5);
    Update expected = plain.update(0);
    torch.manual_seed(5);
    Alone.assertClose(projected.update(0).loss(), expected.loss().item_double());
    assertThat(torch.allclose(teacher.gradients.get(0), twin.gradients.get(0), 1e-4, 1e-6, false))
        .isTrue();
  }

  @Test
  void withoutDropoutThereIsNothingBetweenThePasses() {
    Update update = Alone.first(new RDrop(ALPHA), Toy.pupil(1));
    assertThat(update.penalty().orElseThrow().imitability().item_double())
        .isCloseTo(0, within(1e-12));
    assertThat(update.loss().item_double())
        .isEqualTo(Alone.first(new TeacherOnly(), Toy.pupil(1)).loss().item_double());
  }

  @Test
  void runningStatisticsMoveInBothPasses() {
    Toy.Pupil teacher = Toy.pupil(new Toy.Spec(true, 0), 1);
    Alone.first(new RDrop(ALPHA), teacher);
    assertThat(teacher.weights.buffers().get("norm.num_batches_tracked").item_long()).isEqualTo(2);
  }

  @Test
  void aRecurrentNetworkReadsBothTimesFromTheSamePlace() {
    Toy.Pupil teacher = Toy.pupil(1);
    Alone.Counting counting = new Alone.Counting(teacher.net);
    Learner learner = Learner.of(counting, Alone.still(teacher.weights));
    Method method =
        new RDrop(ALPHA)
            .over(
                Alone.setting(learner, teacher.weights, new Toy.Stream(Alone.TEN_IN_PARTS, 2), 9));
    method.update(0);
    assertThat(counting.read).isEqualTo(List.of(0L, 0L, 1L, 1L));
  }

  @Test
  void withoutWeightItIsTheTeacherAloneToTheBit() {
    Alone.assertSameBits(new RDrop(0), new TeacherOnly(), new Toy.Spec(true, 0.3));
  }

  @Test
  void gradientsMayBeGathered() {
    Alone.assertPartsMakeTheWhole(new RDrop(ALPHA));
  }

  @Test
  void passesAreNotDrivenApart() {
    assertThatThrownBy(() -> new RDrop(-1)).hasMessage("alpha = -1 is not allowed; 0 or more");
  }
}
