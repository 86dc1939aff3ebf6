package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Imitability;
import lot4j.Schedule;
import lot4j.Student;
import lot4j.imitability.KlDivergence;
import lot4j.imitability.KlDivergence.Direction;
import lot4j.train.Pace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Updates of networks that hand on features and a last layer are those of plain logits. */
class ProjectedUpdateTest {
  private static final Imitability PAPER = new KlDivergence(1.5);
  private static final Imitability RELEASED = new KlDivergence(Direction.REFERENCE_FREE, 1.5, true);

  static Stream<LotMethod> methods() {
    return Stream.of(
        method(PAPER, 0, Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH, 1, StudentTargets.FRESH),
        method(RELEASED, 1, Order.JOINT, RegularizeOn.TASK_BATCH, 1, StudentTargets.FRESH),
        method(PAPER, 0, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, 1, StudentTargets.REUSE),
        method(PAPER, 1, Order.TEACHER_FIRST, RegularizeOn.TASK_BATCH, 0.5, StudentTargets.REUSE),
        method(
            PAPER, 0, Order.STUDENTS_FIRST, RegularizeOn.STUDENT_BATCH, 1, StudentTargets.FRESH));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void threeUpdatesEndAtTheSameWeights(LotMethod method) {
    try (PointerScope scope = new PointerScope()) {
      for (boolean teacherToo : new boolean[] {true, false}) {
        Tensor projected = afterThreeUpdates(method, teacherToo, true);
        Tensor plain = afterThreeUpdates(method, false, false);
        assertThat(projected.sub(plain).abs().max().item_double()).isLessThan(1e-6);
      }
    }
  }

  private static Tensor afterThreeUpdates(LotMethod method, boolean teacher, boolean student) {
    Toy.Pupil first = Toy.pupil(1);
    Toy.Pupil second = Toy.pupil(2);
    first.net.projects = teacher;
    second.net.projects = student;
    Pace pace = new Pace(24, 8, 8);
    Method over =
        method.over(
            new Setting<>(
                new Toy.Rows(),
                first.learner,
                List.of(new Student(second.learner, 1)),
                new Toy.Stream(pace, 3),
                new Toy.Stream(pace, 4)));
    for (int step = 0; step < 3; step++) {
      over.update(step);
    }
    return torch.cat(new org.bytedeco.pytorch.TensorVector(first.state(), second.state()), 0);
  }

  private static LotMethod method(
      Imitability metric,
      double taskWeight,
      Order order,
      RegularizeOn batch,
      double fraction,
      StudentTargets targets) {
    return new LotMethod(
        Schedule.constant(0.7),
        2,
        metric,
        metric,
        taskWeight,
        Optional.of(1.0),
        order,
        batch,
        0,
        1,
        fraction,
        targets,
        false);
  }
}
