package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import lot4j.Distribution.DiagonalNormal;
import lot4j.Exercise;
import lot4j.Output;
import lot4j.Penalty;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfidencePenaltyTest {
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

  @Test
  void lossIsLessByTheEntropy() {
    Update update = Alone.first(new ConfidencePenalty(0.4), teacher);
    double[][] log = Alone.logSoftmax(Alone.rows(Alone.logits(twin)));
    double entropy = 0;
    for (double[] row : log) {
      for (double p : row) {
        entropy -= Math.exp(p) * p / log.length;
      }
    }
    double task = Alone.crossEntropy(log, Alone.batch().labels());
    Alone.assertClose(update.taskLoss(), task);
    Alone.assertClose(update.loss(), task - 0.4 * entropy);
    Penalty penalty = update.penalty().orElseThrow();
    Alone.assertClose(penalty.imitability(), -entropy);
    Alone.assertClose(penalty.term(), -0.4 * entropy);
  }

  @Test
  void gradientIsThatOfTheReverseDivergenceFromUniform() {
    Alone.first(new ConfidencePenalty(0.4), teacher);
    Tensor log = torch.log_softmax(Alone.logits(twin), -1);
    Tensor divergence = log.exp().mul(log.add(new Scalar(Math.log(Toy.CLASSES)))).sum(-1).mean();
    Tensor loss = torch.nll_loss(log, Alone.batch().labels()).add(divergence.mul(new Scalar(0.4)));
    loss.backward();
    assertThat(
            torch.allclose(teacher.gradients.get(0), twin.weights.gradients(), 1e-5, 1e-7, false))
        .isTrue();
  }

  @Test
  void outputsThatAreProjectedPieceByPieceGiveTheSame() {
    twin.net.projects = true;
    Update plain = Alone.first(new ConfidencePenalty(0.2), teacher);
    Update projected = Alone.first(new ConfidencePenalty(0.2), twin);
    Alone.assertClose(projected.loss(), plain.loss().item_double());
    assertThat(torch.allclose(teacher.gradients.get(0), twin.gradients.get(0), 1e-5, 1e-7, false))
        .isTrue();
  }

  /** ½ ln 2πe = 1.4189385 for each of two dimensions, and their log-deviations 0.5 and -1. */
  @Test
  void aContinuousPolicyHasTheEntropyOfItsNormals() {
    Tensor mean = torch.zeros(3, 2);
    Tensor logStd = torch.tensor(0.5f, -1f).set_requires_grad(true);
    Output policy = new Output(new DiagonalNormal(mean, logStd), Map.of());
    Penalty penalty = new ConfidencePenalty(2).penalty(Exercise.of(mean), policy);
    Alone.assertClose(penalty.imitability(), -(2 * 1.4189385332046727 + 0.5 - 1));
    Alone.assertClose(penalty.term(), -2 * (2 * 1.4189385332046727 + 0.5 - 1));
    penalty.term().backward();
    assertThat(logStd.grad().allclose(torch.tensor(-2f, -2f))).isTrue();
  }

  @Test
  void withoutPenaltyItIsTheTeacherAloneToTheBit() {
    Alone.assertSameBits(new ConfidencePenalty(0), new TeacherOnly(), new Toy.Spec(true, 0.3));
  }

  @Test
  void gradientsMayBeGathered() {
    Alone.assertPartsMakeTheWhole(new ConfidencePenalty(0.2));
  }

  @Test
  void confidenceIsNotRewarded() {
    assertThatThrownBy(() -> new ConfidencePenalty(-1))
        .hasMessage("beta = -1 is not allowed; 0 or more");
  }
}
