package lot4j.task;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A piece of several streams of text, side by side.
 *
 * @param inputs [time, batch] int64 token ids
 * @param targets [time, batch] int64, the token after each; empty for unlabelled text
 * @param begins whether the streams begin with this piece; else it follows the piece before it
 */
public record TextBatch(Tensor inputs, Optional<Tensor> targets, boolean begins) {
  /** Number of tokens of each column. */
  public long rows() {
    return inputs.size(0);
  }

  /** Number of tokens. */
  public long size() {
    return inputs.numel();
  }
}
