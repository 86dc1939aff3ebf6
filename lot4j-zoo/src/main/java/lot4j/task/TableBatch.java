package lot4j.task;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Rows of a table, with their targets if they are known.
 *
 * @param inputs [batch, features] float32: standardised measurements, indicators of missing ones,
 *     then the codes of categories
 * @param targets [batch] int64 classes, or [batch, 1] float32 standardised numbers; empty for rows
 *     without
 */
public record TableBatch(Tensor inputs, Optional<Tensor> targets) {
  /** Number of rows. */
  public long size() {
    return inputs.size(0);
  }
}
