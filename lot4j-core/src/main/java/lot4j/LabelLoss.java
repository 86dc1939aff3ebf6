package lot4j;

import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * A task's loss that is the mean cross-entropy of one right class at every position, and perhaps
 * something that the network itself asks for. Told by its parts, it can be worked out in the same
 * pass over the logits as what {@link Lot} adds to it.
 */
public interface LabelLoss extends Function<Output, Tensor> {

  /**
   * The right classes, one for each position of the output's logits, on their device.
   *
   * @return [*] int64, each from 0 to classes − 1
   */
  Tensor targets(Output output);

  /** What is added to the cross-entropy, shape []; empty if nothing. */
  default Optional<Tensor> more(Output output) {
    return Optional.empty();
  }

  /** The loss as a whole, shape []. */
  @Override
  default Tensor apply(Output output) {
    Tensor loss = Piecewise.crossEntropy(output, targets(output));
    return more(output).map(loss::add).orElse(loss);
  }
}
