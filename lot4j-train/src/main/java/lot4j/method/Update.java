package lot4j.method;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Lesson;
import lot4j.Penalty;
import org.bytedeco.pytorch.Tensor;

/**
 * What one update measured; all tensors are constants of shape [] in the caller's scope. Nothing
 * has been read from the device yet.
 *
 * @param samples samples of the teacher's task batch
 * @param taskLoss the task's loss
 * @param loss what the teacher minimised
 * @param penalty the regularizer, where there was one
 * @param lessons the student steps, in order
 * @param observed further numbers of the task batch by name, e.g. accuracy
 */
public record Update(
    long samples,
    Tensor taskLoss,
    Tensor loss,
    Optional<Penalty> penalty,
    List<Lesson> lessons,
    Map<String, Tensor> observed) {
  public Update {
    lessons = List.copyOf(lessons);
    observed = Map.copyOf(observed);
  }
}
