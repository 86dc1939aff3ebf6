package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lot4j.Work;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TeacherOnlyTest {
  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  private static Method over(Toy.Pupil teacher, Toy.Stream stream) {
    return new TeacherOnly()
        .over(
            new Setting<>(
                new Toy.Rows(), teacher.learner, List.of(), stream, new Toy.Stream(pace(1), 9)));
  }

  private static Pace pace(long batch) {
    return new Pace(10, 4, batch);
  }

  @Test
  void stepsAlongTheGradientOfTheMeanLoss() {
    Toy.Pupil teacher = Toy.pupil(1);
    Toy.Pupil twin = Toy.pupil(1);
    Toy.Stream stream = new Toy.Stream(pace(4), 2);
    Update update = over(teacher, stream).update(0);

    Toy.Batch batch = stream.given.get(0).get(0);
    Tensor loss =
        torch.cross_entropy(
            twin.net.forward(batch.inputs(), new lot4j.Memory()).logits(), batch.labels());
    loss.backward();
    assertThat(teacher.gradients.get(0).equal(twin.weights.gradients())).isTrue();
    assertThat(update.taskLoss().item_double()).isEqualTo(loss.item_double());
    assertThat(update.loss().item_double()).isEqualTo(loss.item_double());
    assertThat(update.samples()).isEqualTo(4);
    assertThat(update.penalty()).isEmpty();
    assertThat(update.lessons()).isEmpty();
    assertThat(teacher.learner.work()).isEqualTo(new Work(4, 4, 1));
  }

  @Test
  void anAccumulatedStepIsThatOfOneLargeBatch() {
    Toy.Pupil whole = Toy.pupil(1);
    Toy.Pupil parts = Toy.pupil(1);
    Method large = over(whole, new Toy.Stream(pace(4), 2));
    Method small = over(parts, new Toy.Stream(pace(3), 2)); // 3 + 1, and 2 at the epoch's end
    for (int step = 0; step < 6; step++) {
      Update a = large.update(step);
      Update b = small.update(step);
      assertThat(b.samples()).isEqualTo(a.samples());
      assertThat(b.loss().item_double()).isCloseTo(a.loss().item_double(), within(1e-6));
      assertThat(b.observed().get("accuracy").item_double())
          .isCloseTo(a.observed().get("accuracy").item_double(), within(1e-6));
    }
    assertThat(torch.allclose(whole.state(), parts.state(), 1e-5, 1e-6, false)).isTrue();
  }

  @Test
  void leavesTheStudentsStreamAlone() {
    Toy.Stream students = new Toy.Stream(pace(4), 3);
    new TeacherOnly()
        .over(
            new Setting<>(
                new Toy.Rows(),
                Toy.pupil(1).learner,
                List.of(),
                new Toy.Stream(pace(4), 2),
                students))
        .update(0);
    assertThat(students.drawn()).isZero();
    assertThat(new TeacherOnly().usesStudents()).isFalse();
  }
}
