package lot4j;

import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch as LoT sees it: inputs, the positions that count, and the task's loss if labels are
 * known.
 *
 * @param inputs [batch, …]
 * @param mask which positions of the output count
 * @param task the task's mean loss of an output on this batch, shape []; empty without labels
 */
public record Exercise(Tensor inputs, Mask mask, Optional<Function<Output, Tensor>> task) {

  /** Unlabelled inputs, all of which count. */
  public static Exercise of(Tensor inputs) {
    return new Exercise(inputs, Mask.none(), Optional.empty());
  }

  /** Labelled inputs, all of which count. */
  public static Exercise of(Tensor inputs, Function<Output, Tensor> task) {
    return new Exercise(inputs, Mask.none(), Optional.of(task));
  }
}
