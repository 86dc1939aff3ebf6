package lot4j.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What one learner predicts for the labelled images of a part, image after image. */
sealed interface PartScore permits ImageScore, LabelScore {
  /** Of no image yet. */
  static PartScore of(ImagePart part) {
    return part.marked() ? new LabelScore(part) : new ImageScore(part);
  }

  /**
   * Adds some images.
   *
   * @param from the first image's place in the part; the others follow
   * @param logProbabilities [samples, classes] float64, a sample being an image or one of its
   *     labels
   * @param labels [samples] int64, on the same device
   */
  void add(int from, Tensor logProbabilities, Tensor labels);

  /** Means over the images, or over all their labels. */
  Map<String, Double> metrics();

  /** What lies behind the numbers. */
  ObjectNode details();
}
