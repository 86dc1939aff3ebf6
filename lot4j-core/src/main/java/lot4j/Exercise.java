package lot4j;

import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch as LoT sees it: inputs, the positions that count, and the task's loss if labels are
 * known.
 *
 * @param inputs [batch, …], or [time, batch] for token streams
 * @param mask which positions of the output count
 * @param task the task's mean loss of an output on this batch, shape []; empty without labels
 * @param begins whether a stream begins with this batch: what learners carried along it is
 *     forgotten
 */
public record Exercise(
    Tensor inputs, Mask mask, Optional<Function<Output, Tensor>> task, boolean begins) {

  /** A batch that does not depend on the one before it, or follows it. */
  public Exercise(Tensor inputs, Mask mask, Optional<Function<Output, Tensor>> task) {
    this(inputs, mask, task, false);
  }

  /** Unlabelled inputs, all of which count. */
  public static Exercise of(Tensor inputs) {
    return new Exercise(inputs, Mask.none(), Optional.empty());
  }

  /** Labelled inputs, all of which count. */
  public static Exercise of(Tensor inputs, Function<Output, Tensor> task) {
    return new Exercise(inputs, Mask.none(), Optional.of(task));
  }
}
