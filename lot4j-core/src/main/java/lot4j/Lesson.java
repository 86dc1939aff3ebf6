package lot4j;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What one student step measured, for every student.
 *
 * @param students in the order of {@link Lot#students()}
 */
public record Lesson(List<Mark> students) {
  public Lesson {
    students = List.copyOf(students);
  }

  /**
   * One student's numbers, all constants of shape [].
   *
   * @param task the task's loss, if the student sees labels
   * @param imitability μ(s, t)
   * @param loss what the student minimised
   */
  public record Mark(Optional<Tensor> task, Tensor imitability, Tensor loss) {}
}
