package lot4j.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What one learner predicts for the labelled samples of a part, one after the other. */
sealed interface PartScore permits ClassScore, LabelScore {
  /**
   * Adds some samples.
   *
   * @param from the first one's place in the part; the others follow
   * @param logProbabilities [answers, classes] float64, an answer being to a sample or to one of
   *     its labels
   * @param labels [answers] int64, on the same device
   */
  void add(int from, Tensor logProbabilities, Tensor labels);

  /** Means over the samples, or over all their labels. */
  Map<String, Double> metrics();

  /** What lies behind the numbers. */
  ObjectNode details();
}
