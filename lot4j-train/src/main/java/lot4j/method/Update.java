package lot4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Lesson;
import lot4j.Penalty;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What one update measured; all tensors are constants of shape [] in the caller's scope. Nothing
 * has been read from the device yet.
 *
 * @param samples samples of the teacher's task batch; 0 if there was nothing to learn
 * @param taken samples of the data that the batch used up, {@link lot4j.train.Task#taken}
 * @param taskLoss the task's loss
 * @param loss what the teacher minimised
 * @param penalty the regularizer, where there was one
 * @param lessons the student steps, in order
 * @param observed further numbers of the task batch by name, e.g. accuracy
 * @param others numbers of learners that learn from labels alone, by their full names, e.g. {@code
 *     student0/task_loss}
 */
public record Update(
    long samples,
    long taken,
    Tensor taskLoss,
    Tensor loss,
    Optional<Penalty> penalty,
    List<Lesson> lessons,
    Map<String, Tensor> observed,
    Map<String, Tensor> others) {
  public Update {
    lessons = List.copyOf(lessons);
    observed = Map.copyOf(observed);
    others = Map.copyOf(others);
  }

  /** An update in which nobody learns from labels but the teacher and the taught students. */
  public Update(
      long samples,
      long taken,
      Tensor taskLoss,
      Tensor loss,
      Optional<Penalty> penalty,
      List<Lesson> lessons,
      Map<String, Tensor> observed) {
    this(samples, taken, taskLoss, loss, penalty, lessons, observed, Map.of());
  }

  /** An update whose batch used up as many samples of the data as it holds. */
  public Update(
      long samples,
      Tensor taskLoss,
      Tensor loss,
      Optional<Penalty> penalty,
      List<Lesson> lessons,
      Map<String, Tensor> observed) {
    this(samples, samples, taskLoss, loss, penalty, lessons, observed);
  }

  /** No teacher step, for there was nothing to learn: no samples, losses of 0. */
  public static Update nothing() {
    Tensor zero = torch.zeros(new long[0]);
    return new Update(0, 0, zero, zero, Optional.empty(), List.of(), Map.of());
  }

  /** The same with further student steps after those that it has. */
  Update with(List<Lesson> further) {
    List<Lesson> all = new ArrayList<>(lessons);
    all.addAll(further);
    return new Update(samples, taken, taskLoss, loss, penalty, all, observed, others);
  }

  /** The same with other observed numbers. */
  Update withObserved(Map<String, Tensor> numbers) {
    return new Update(samples, taken, taskLoss, loss, penalty, lessons, numbers, others);
  }

  /** The same with numbers of further learners. */
  Update withOthers(Map<String, Tensor> further) {
    return new Update(samples, taken, taskLoss, loss, penalty, lessons, observed, further);
  }
}
