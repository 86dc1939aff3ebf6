package lot4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import lot4j.Lesson;
import lot4j.Lot;
import lot4j.Work;
import lot4j.imitability.KlDivergence;
import lot4j.train.Pace;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods on a task whose epochs are made first and passed over several times. */
class RolloutTest {
  private static final long R = 10;
  private static final Pace TASK = new Pace(R, 4, 4).rollout(2, R + 2); // 4 + 4 + 2, twice
  private static final Pace STUDENT = new Pace(24, 5, 5);
  private static final Review REVIEW = new Review(3, 24);
  private static final LongPredicate NEVER = step -> false;

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A teacher and a student on a world of their own. */
  private static final class Run {
    final Toy.Pupil teacher = Toy.pupil(1);
    final Toy.Pupil student = Toy.pupil(2);
    final Rollouts.Recent recent;
    final Method method;
    final List<Update> updates = new ArrayList<>();

    Run(MethodSpec spec, Pace task, Pace students, LongPredicate idle) {
      recent = new Rollouts.Recent(students, REVIEW.states());
      method =
          spec.at(new Paces(task, students))
              .over(
                  new Setting<>(
                      new Toy.Rows(),
                      teacher.learner,
                      Toy.students(student),
                      new Rollouts(task, teacher.learner, recent, idle),
                      recent));
    }

    Run make(int steps) {
      for (int i = 0; i < steps; i++) {
        updates.add(method.update(updates.size()));
      }
      return this;
    }

    long taken() {
      return updates.stream().mapToLong(Update::taken).sum();
    }

    List<Integer> lessons() {
      return updates.stream().map(update -> update.lessons().size()).toList();
    }
  }

  private static LotMethod lot(Order order, RegularizeOn on, int steps, Epochs epochs) {
    return lot(order, on, steps, 1, 1, epochs);
  }

  private static LotMethod lot(
      Order order, RegularizeOn on, int steps, int every, double fraction, Epochs epochs) {
    KlDivergence kl = new KlDivergence(1);
    return new LotMethod(
            step -> 0.5,
            steps,
            kl,
            kl,
            0,
            Toy.one(),
            order,
            on,
            0,
            every,
            fraction,
            StudentTargets.FRESH,
            false)
        .with(epochs);
  }

  private static LotMethod released(boolean late, Optional<Review> review) {
    return lot(Order.JOINT, RegularizeOn.TASK_BATCH, 1, new Epochs(late, review));
  }

  @Test
  void theTeacherAlonePaysForItsActing() {
    for (int steps : new int[] {0, 1, 5, 6, 7, 13}) {
      Run run = new Run(new TeacherOnly(), TASK, STUDENT, NEVER).make(steps);
      assertThat(new TeacherOnly().bill(steps, 0, new Paces(TASK, STUDENT)))
          .isEqualTo(new Bill(run.taken(), run.teacher.learner.work(), List.of()));
    }
    Bill one = new TeacherOnly().bill(7, 0, new Paces(TASK, STUDENT));
    assertThat(one.samples()).isEqualTo(2 * R);
    assertThat(one.teacher()).isEqualTo(new Work(24 + 20 + 4, 24, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "TEACHER_FIRST, FRESH_BATCH, 5",
    "TEACHER_FIRST, STUDENT_BATCH, 2",
    "STUDENTS_FIRST, FRESH_BATCH, 1",
    "JOINT, TASK_BATCH, 1",
    "JOINT, TASK_BATCH, 3",
  })
  void thePlannedCostIsTheCountedCost(Order order, RegularizeOn on, int steps) {
    for (int every : new int[] {1, 4}) {
      for (double fraction : new double[] {1, 0.4}) {
        for (int accumulate : new int[] {1, 2}) {
          Epochs plain = new Epochs(true, Optional.empty());
          Epochs reviewed = new Epochs(false, Optional.of(REVIEW));
          check(lot(order, on, steps, every, fraction, plain), 8, accumulate);
          check(lot(order, on, steps, every, fraction, reviewed), 5, accumulate);
          check(lot(order, on, steps, every, fraction, reviewed), 13, accumulate);
        }
      }
    }
  }

  private static void check(LotMethod method, int updates, int accumulate) {
    try (PointerScope inner = new PointerScope()) {
      Pace task = new Pace(R, 4, 4 / accumulate).rollout(2, R + 2);
      Pace student = new Pace(24, 5, accumulate == 1 ? 5 : 3);
      Run run = new Run(method, task, student, NEVER).make(updates);
      assertThat(method.bill(updates, 1, new Paces(task, student)))
          .as("%s, %d updates, accumulate %d", method, updates, accumulate)
          .isEqualTo(
              new Bill(
                  run.taken(), run.teacher.learner.work(), List.of(run.student.learner.work())));
    }
  }

  /** 10 states after the first rollout, 20, then the memory's 24: in batches of 5, three times. */
  @Test
  void aReviewGoesThroughTheWholeMemoryAfterEachEpoch() {
    Run run = new Run(released(false, Optional.of(REVIEW)), TASK, STUDENT, NEVER).make(18);
    assertThat(run.lessons())
        .containsExactly(1, 1, 1, 1, 1, 1 + 6, 1, 1, 1, 1, 1, 1 + 12, 1, 1, 1, 1, 1, 1 + 15);
    assertThat(run.student.learner.work().steps()).isEqualTo(18 + 6 + 12 + 15);
  }

  @Test
  void aReviewIsWhatTheSameStepsWouldBe() {
    Run run = new Run(released(false, Optional.of(new Review(1, 24))), TASK, STUDENT, NEVER);
    Run other = new Run(released(false, Optional.empty()), TASK, STUDENT, NEVER);
    run.make(6);
    other.make(6);
    assertThat(run.teacher.state().equal(other.teacher.state())).isTrue();
    assertThat(run.student.state().equal(other.student.state())).isFalse();
    LotMethod method = released(false, Optional.empty());
    Setting<Toy.Batch> setting =
        new Setting<>(
            new Toy.Rows(),
            other.teacher.learner,
            Toy.students(other.student),
            other.recent,
            other.recent);
    Lot lot =
        Lot.teacher(other.teacher.learner)
            .imitability(new KlDivergence(1))
            .student(other.student.learner)
            .build();
    StudentSteps<Toy.Batch> steps = new StudentSteps<>(method, setting, lot);
    other.recent.pass(setting.task()).forEachRemaining(each -> steps.teach(steps.of(each)));
    assertThat(run.student.state().equal(other.student.state())).isTrue();
  }

  @Test
  void aReviewKeepsNothingButItsNumbers() {
    long plain = kept(released(false, Optional.empty()), 1);
    long reviewed = kept(released(false, Optional.of(new Review(20, 24))), 1 + 40);
    // a loss and an imitability each, and the gradient that the toy itself records
    assertThat(reviewed - plain).isLessThanOrEqualTo(40 * 3 + 10);
  }

  /** Native objects that an epoch's last update keeps. */
  private static long kept(LotMethod method, int lessons) {
    Run run = new Run(method, TASK, STUDENT, NEVER).make(5);
    try (PointerScope inner = new PointerScope()) {
      long before = Pointer.totalCount();
      Update update = run.method.update(5);
      long kept = Pointer.totalCount() - before;
      assertThat(update.lessons()).hasSize(lessons);
      for (Lesson lesson : update.lessons()) {
        assertThat(lesson.students().get(0).loss().item_double()).isNotNegative();
      }
      return kept;
    }
  }

  @Test
  void aStreamThatKeepsNothingCannotBeReviewed() {
    MethodSpec spec =
        released(false, Optional.of(REVIEW)).at(new Paces(new Pace(8, 4, 4), STUDENT));
    Toy.Stream stream = new Toy.Stream(new Pace(8, 4, 4), 1);
    Toy.Pupil teacher = Toy.pupil(1);
    assertThatThrownBy(
            () ->
                spec.over(
                    new Setting<>(
                        new Toy.Rows(),
                        teacher.learner,
                        Toy.students(Toy.pupil(2)),
                        stream,
                        stream)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("replay.passes: the students' stream of this task keeps nothing");
  }

  @Test
  void itHasToBeToldHowLongAnEpochIs() {
    LotMethod untold = released(true, Optional.empty());
    assertThatThrownBy(() -> untold.over(null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at(paces)");
    assertThat(untold.at(new Paces(TASK, STUDENT)).epochs().steps()).isEqualTo(6);
  }

  @Test
  void theRegularizerCanWaitForTheFirstEpochsEnd() {
    Run run = new Run(released(true, Optional.empty()), TASK, STUDENT, NEVER).make(8);
    for (int step = 0; step < 8; step++) {
      double term = run.updates.get(step).penalty().orElseThrow().term().item_double();
      assertThat(term > 0).as("step %d", step).isEqualTo(step >= 6);
    }
    Run alone = new Run(new TeacherOnly(), TASK, STUDENT, NEVER).make(6);
    Run first = new Run(released(true, Optional.empty()), TASK, STUDENT, NEVER).make(6);
    assertThat(first.teacher.state().equal(alone.teacher.state())).isTrue();
    assertThat(first.student.learner.work().steps()).isEqualTo(6); // students learn from step 0
  }

  /** As when PPO has moved far enough: the passes' last steps have nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"released", "paper", "teacher-only"})
  void aStepWithNothingToLearnLeavesEverythingAlone(String name) {
    MethodSpec spec =
        switch (name) {
          case "released" -> released(false, Optional.empty());
          case "paper" -> lot(Order.TEACHER_FIRST, RegularizeOn.FRESH_BATCH, 2, Epochs.none());
          default -> new TeacherOnly();
        };
    Run run = new Run(spec, TASK, STUDENT, step -> step == 4).make(4);
    Tensor teacher = run.teacher.state();
    Tensor student = run.student.state();
    int drawn = run.recent.drawn.size();
    run.make(1);
    Update nothing = run.updates.get(4);
    assertThat(nothing.samples()).isZero();
    assertThat(nothing.taken()).isZero();
    assertThat(nothing.lessons()).isEmpty();
    assertThat(nothing.penalty()).isEmpty();
    assertThat(nothing.observed()).isEmpty();
    assertThat(run.teacher.state().equal(teacher)).isTrue();
    assertThat(run.student.state().equal(student)).isTrue();
    assertThat(run.recent.drawn).hasSize(drawn);
    assertThat(run.teacher.learner.work().steps()).isEqualTo(4);
    run.make(1);
    assertThat(run.updates.get(5).samples()).isEqualTo(2);
  }

  @Test
  void aReviewFollowsAnEpochWhoseLastStepHasNothing() {
    Run run =
        new Run(released(false, Optional.of(REVIEW)), TASK, STUDENT, step -> step % 6 > 2).make(12);
    assertThat(run.lessons()).containsExactly(1, 1, 1, 0, 0, 6, 1, 1, 1, 0, 0, 12);
    assertThat(run.taken()).isEqualTo(2 * R);
    assertThat(run.teacher.learner.work().steps()).isEqualTo(6);
  }
}
