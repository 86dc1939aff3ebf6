package lot4j.method;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import lot4j.Lesson;
import lot4j.train.BatchSource;
import lot4j.train.Portion;
import lot4j.train.ReplaySource;
import lot4j.train.Task;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** The students go through everything that their stream holds, a step for each batch. */
final class LotReview<B> {
  private final Review review;
  private final Task<B> task;
  private final ReplaySource<B> replay;
  private final StudentSteps<B> steps;

  LotReview(Review review, Setting<B> setting, StudentSteps<B> steps) {
    this.review = review;
    this.task = setting.task();
    this.replay = replay(setting.studentStream());
    this.steps = steps;
  }

  /**
   * The stream as one that can be gone through.
   *
   * @throws IllegalStateException if it is not
   */
  static <B> ReplaySource<B> replay(BatchSource<B> stream) {
    if (stream instanceof ReplaySource<B> replay) {
      return replay;
    }
    throw new IllegalStateException(
        "replay.passes: the students' stream of this task keeps nothing to go through again");
  }

  List<Lesson> make() {
    List<Lesson> lessons = new ArrayList<>();
    for (int pass = 0; pass < review.passes(); pass++) {
      Iterator<Portion<B>> portions = replay.pass(task);
      while (portions.hasNext()) {
        lessons.add(keepingLesson(() -> steps.teach(steps.of(portions.next()))));
      }
    }
    return lessons;
  }

  /** A review is many steps within one update: each one's tensors go when it is done. */
  private static Lesson keepingLesson(Supplier<Lesson> step) {
    Optional<PointerScope> outer = Optional.ofNullable(PointerScope.getInnerScope());
    try (PointerScope inner = new PointerScope()) {
      Lesson lesson = step.get();
      for (Lesson.Mark mark : lesson.students()) {
        keep(mark.imitability(), outer);
        keep(mark.loss(), outer);
        mark.task().ifPresent(task -> keep(task, outer));
      }
      return lesson;
    }
  }

  private static void keep(Tensor number, Optional<PointerScope> outer) {
    outer.ifPresentOrElse(scope -> scope.attach(number), number::retainReference);
  }
}
