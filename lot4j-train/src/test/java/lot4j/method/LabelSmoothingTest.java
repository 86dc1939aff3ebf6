package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lot4j.Penalty;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LabelSmoothingTest {
  private static final long MEAN = 1;
  private static final long NO_INDEX = -100;

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

  /** −log p of the smoothed target: 1 − ε at the label and ε/C everywhere, summed by hand. */
  @Test
  void lossIsThatOfTheSmoothedTarget() {
    Update update = Alone.first(new LabelSmoothing(0.3), teacher);
    double[][] log = Alone.logSoftmax(Alone.rows(Alone.logits(twin)));
    double smoothed = 0;
    double uniform = 0;
    for (int i = 0; i < log.length; i++) {
      long label = Alone.batch().labels().get(i).item_long();
      for (int c = 0; c < Toy.CLASSES; c++) {
        smoothed -= (0.3 / Toy.CLASSES + (c == label ? 0.7 : 0)) * log[i][c] / log.length;
        uniform += (Math.log(1.0 / Toy.CLASSES) - log[i][c]) / Toy.CLASSES / log.length;
      }
    }
    Alone.assertClose(update.loss(), smoothed);
    Alone.assertClose(update.taskLoss(), Alone.crossEntropy(log, Alone.batch().labels()));
    Penalty penalty = update.penalty().orElseThrow();
    Alone.assertClose(penalty.imitability(), uniform);
    Alone.assertClose(penalty.term(), 0.3 * uniform);
  }

  @Test
  void gradientIsThatOfTheEnginesOwnSmoothing() {
    Alone.first(new LabelSmoothing(0.1), teacher);
    Tensor loss =
        torch.cross_entropy_loss(
            Alone.logits(twin), Alone.batch().labels(), new TensorOptional(), MEAN, NO_INDEX, 0.1);
    loss.backward();
    assertThat(
            torch.allclose(teacher.gradients.get(0), twin.weights.gradients(), 1e-5, 1e-7, false))
        .isTrue();
  }

  @Test
  void outputsThatAreProjectedPieceByPieceGiveTheSame() {
    twin.net.projects = true;
    Update plain = Alone.first(new LabelSmoothing(0.2), teacher);
    Update projected = Alone.first(new LabelSmoothing(0.2), twin);
    Alone.assertClose(projected.loss(), plain.loss().item_double());
    assertThat(torch.allclose(teacher.gradients.get(0), twin.gradients.get(0), 1e-5, 1e-7, false))
        .isTrue();
  }

  @Test
  void withoutSmoothingItIsTheTeacherAloneToTheBit() {
    Alone.assertSameBits(new LabelSmoothing(0), new TeacherOnly(), new Toy.Spec(true, 0.3));
  }

  @Test
  void gradientsMayBeGathered() {
    Alone.assertPartsMakeTheWhole(new LabelSmoothing(0.2));
  }

  @Test
  void nothingButThePartsOfALabelIsSmoothed() {
    assertThatThrownBy(() -> new LabelSmoothing(1))
        .hasMessage("epsilon = 1 is not allowed; 0 or more and below 1");
    assertThatThrownBy(() -> new LabelSmoothing(-0.1)).hasMessageContaining("epsilon = -0.1");
  }
}
