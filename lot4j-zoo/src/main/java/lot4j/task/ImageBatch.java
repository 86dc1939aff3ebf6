package lot4j.task;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Images, with their labels if they are known.
 *
 * @param images [batch, channels, height, width] float32, normalised
 * @param labels [batch] int64, or [batch, labels] of 0 and 1 where each is a question by itself;
 *     empty for unlabelled images
 */
public record ImageBatch(Tensor images, Optional<Tensor> labels) {
  /** Number of images. */
  public long size() {
    return images.size(0);
  }
}
