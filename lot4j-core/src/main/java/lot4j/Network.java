package lot4j;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** A function from inputs to an output, with trainable parameters somewhere behind it. */
@FunctionalInterface
public interface Network {
  /**
   * The output for a batch.
   *
   * @param inputs [batch, …], or [time, batch] for token streams
   * @param memory what this learner carries along this stream; a recurrent network reads it and
   *     writes it back, others ignore it
   */
  Output forward(Tensor inputs, Memory memory);

  /** A network without memory from a function that gives logits. */
  static Network of(UnaryOperator<Tensor> logits) {
    return (inputs, memory) -> Output.logits(logits.apply(inputs));
  }
}
