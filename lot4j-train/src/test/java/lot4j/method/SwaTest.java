package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.stream.LongStream;
import lot4j.optim.Average;
import lot4j.optim.Constant;
import lot4j.optim.Cosine;
import lot4j.optim.LearningRate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SwaTest {
  private static Swa swa(double start, long every) {
    return new Swa(start, Optional.of(every), true);
  }

  private static long[] counted(Swa swa, long updates) {
    return LongStream.range(0, updates).filter(step -> swa.counts(step, updates)).toArray();
  }

  @Test
  void countsFromTheStartOnAndTheLastStepInAnyCase() {
    assertThat(counted(swa(0.5, 2), 10)).containsExactly(5, 7, 9);
    assertThat(counted(swa(0.5, 3), 10)).containsExactly(5, 8, 9);
    assertThat(counted(swa(0.75, 100), 10)).containsExactly(9);
    assertThat(counted(swa(0, 1), 3)).containsExactly(0, 1, 2);
  }

  @Test
  void anEpochIsTheUsualDistance() {
    Swa usual = new Swa(0.75, Optional.empty(), true).at(new Paces(Alone.TEN, Alone.TEN));
    assertThat(usual).isEqualTo(swa(0.75, 3));
  }

  @Test
  void theRateStaysFromThereOn() {
    LearningRate planned = Cosine.defaults().over(100, 1);
    LearningRate held = swa(0.75, 1).rate(Cosine.defaults().over(100, 1), 100);
    assertThat(held.factor(74)).isEqualTo(planned.factor(74));
    assertThat(held.factor(75)).isEqualTo(planned.factor(75));
    assertThat(held.factor(99)).isEqualTo(planned.factor(75)).isGreaterThan(planned.factor(99));
    LearningRate follows = Constant.defaults().over(100, 1);
    assertThat(new Swa(0.75, Optional.of(1L), false).rate(follows, 100)).isSameAs(follows);
  }

  @Test
  void trainsAsTheTeacherAloneAndIsJudgedByTheMean() {
    try (PointerScope scope = new PointerScope()) {
      Toy.Pupil teacher = Toy.pupil(1);
      Swa swa = swa(0.5, 1);
      Method method = Alone.over(swa, teacher, Alone.TEN);
      TensorVector late = new TensorVector();
      try (Average average = swa.average(teacher.weights, 6).orElseThrow()) {
        for (long step = 0; step < 6; step++) {
          method.update(step);
          average.update(step);
          if (step >= 3) {
            late.push_back(teacher.weights.values().detach().clone());
          }
        }
        Tensor own = teacher.weights.values().detach().clone();
        Tensor mean = torch.stack(late).mean(0);
        try (Average.Swap judged = average.swapIn()) {
          assertThat(teacher.weights.values().allclose(mean, 1e-5, 1e-7, false)).isTrue();
          assertThat(teacher.weights.values().equal(own)).isFalse();
        }
        assertThat(teacher.weights.values().equal(own)).isTrue();
      }
      Toy.Pupil alone = Toy.pupil(1);
      Method plain = Alone.over(new TeacherOnly(), alone, Alone.TEN);
      for (long step = 0; step < 6; step++) {
        plain.update(step);
      }
      assertThat(teacher.state().equal(alone.state())).isTrue();
    }
  }

  @Test
  void refusesWhatIsNoPartOfARun() {
    assertThatThrownBy(() -> swa(1, 1))
        .hasMessage("start = 1 is not allowed; 0 or more and below 1");
    assertThatThrownBy(() -> swa(0.5, 0)).hasMessage("every = 0 is not allowed; 1 or more");
  }
}
