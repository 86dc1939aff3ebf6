package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lot4j.Learner;
import lot4j.Work;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SamTest {
  private static final double RHO = 0.05;

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

  private static Tensor loss(Toy.Pupil pupil) {
    return torch.cross_entropy(Alone.logits(pupil), Alone.batch().labels());
  }

  /** Foret et al., Algorithm 1, in the engine's own words. */
  @Test
  void stepsAlongTheGradientAtTheWorstPlaceNearby() {
    Update update = Alone.first(new Sam(RHO), teacher);

    Tensor here = loss(twin);
    here.backward();
    Tensor own = twin.weights.values().detach().clone();
    Tensor ascent = twin.weights.gradients().clone();
    try (NoGradGuard constant = new NoGradGuard()) {
      ascent.mul_(new Scalar(RHO)).div_(twin.weights.gradients().norm());
      twin.weights.values().add_(ascent);
    }
    assertThat(ascent.norm().item_double()).isCloseTo(RHO, within(1e-6));
    twin.weights.zeroGrad();
    Tensor there = loss(twin);
    there.backward();
    assertThat(
            torch.allclose(teacher.gradients.get(0), twin.weights.gradients(), 1e-5, 1e-7, false))
        .isTrue();
    assertThat(there.item_double()).isGreaterThan(here.item_double());
    Alone.assertClose(update.taskLoss(), here.item_double());
    Alone.assertClose(update.loss(), there.item_double());
    Alone.assertClose(
        update.penalty().orElseThrow().term(), there.item_double() - here.item_double());

    // The step is from θ itself, not from θ + ε: with the same gradient the bits are the same.
    try (NoGradGuard constant = new NoGradGuard()) {
      twin.weights.values().copy_(own);
      twin.weights.gradients().copy_(teacher.gradients.get(0));
    }
    twin.learner.step();
    assertThat(teacher.state().equal(twin.state())).isTrue();
    assertThat(teacher.learner.work()).isEqualTo(new Work(8, 8, 1));
  }

  @Test
  void runningStatisticsMoveInTheFirstPassOnly() {
    Toy.Spec norm = new Toy.Spec(true, 0);
    Toy.Pupil sam = Toy.pupil(norm, 1);
    Toy.Pupil plain = Toy.pupil(norm, 1);
    Alone.first(new Sam(10), sam);
    Alone.first(new TeacherOnly(), plain);
    assertThat(sam.weights.buffers()).isNotEmpty();
    sam.weights
        .buffers()
        .forEach((name, b) -> assertThat(b.equal(plain.weights.buffers().get(name))).isTrue());
    assertThat(sam.state().equal(plain.state())).isFalse();
  }

  @Test
  void aRecurrentNetworkReadsBothTimesFromTheSamePlace() {
    Alone.Counting counting = new Alone.Counting(teacher.net);
    Learner learner = Learner.of(counting, Alone.still(teacher.weights));
    Method method =
        new Sam(RHO)
            .over(
                Alone.setting(learner, teacher.weights, new Toy.Stream(Alone.TEN_IN_PARTS, 2), 9));
    method.update(0);
    method.update(1);
    assertThat(counting.read).isEqualTo(List.of(0L, 1L, 0L, 1L, 2L, 3L, 2L, 3L));
  }

  @Test
  void withoutARadiusItIsTheTeacherAloneToTheBit() {
    Alone.assertSameBits(new Sam(0), new TeacherOnly(), new Toy.Spec(true, 0.3));
  }

  @Test
  void gradientsMayBeGathered() {
    Alone.assertPartsMakeTheWhole(new Sam(0.5));
  }

  @Test
  void aRadiusIsNotNegative() {
    assertThatThrownBy(() -> new Sam(-1)).hasMessage("rho = -1 is not allowed; 0 or more");
  }
}
