package lot4j.task;

import static org.bytedeco.pytorch.global.torch.max;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/** Predictions of images with one label each. */
final class ImageScore implements PartScore {
  /** With more classes the confusion matrix is too large to be looked at. */
  static final int MOST_CLASSES = 200;

  private final ImagePart part;
  private final Calibration calibration = new Calibration();
  private final ClassCounts counts;
  private final long[][] confusion;
  private double loss;
  private long right;
  private long noisy;
  private long fitted;

  /** Of no image yet. */
  ImageScore(ImagePart part) {
    int classes = part.images().classes().size();
    this.part = part;
    this.counts = new ClassCounts(classes);
    this.confusion = new long[classes <= MOST_CLASSES ? classes : 0][classes];
  }

  @Override
  public void add(int from, Tensor logProbabilities, Tensor labels) {
    loss -= logProbabilities.gather(1, labels.unsqueeze(1)).sum().item_double();
    T_TensorTensor_T best = max(logProbabilities, 1);
    double[] confidence = new double[(int) labels.size(0)];
    best.get0().exp().cpu().data_ptr_double().get(confidence);
    long[] predicted = new long[confidence.length];
    best.get1().cpu().data_ptr_long().get(predicted);
    for (int i = 0; i < predicted.length; i++) {
      int label = part.labels().get(from + i);
      boolean hit = predicted[i] == label;
      right += hit ? 1 : 0;
      counts.add(label, (int) predicted[i]);
      calibration.add(confidence[i], hit);
      if (confusion.length > 0) {
        confusion[label][(int) predicted[i]]++;
      }
      if (part.isNoisy(from + i)) {
        noisy++;
        fitted += hit ? 1 : 0;
      }
    }
  }

  /** Means over the images. */
  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", loss / part.size());
    metrics.put("accuracy", (double) right / part.size());
    metrics.put("balanced_accuracy", counts.balancedAccuracy());
    metrics.put("f1", counts.macroF1());
    metrics.put("ece", calibration.error());
    if (noisy > 0) {
      metrics.put("noise_fitted", (double) fitted / noisy);
    }
    return metrics;
  }

  /** The reliability diagram's bins, and the confusion matrix unless there are too many classes. */
  @Override
  public ObjectNode details() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.set("reliability", calibration.reliability());
    if (confusion.length > 0) {
      ArrayNode rows = details.putArray("confusion");
      for (long[] row : confusion) {
        ArrayNode cells = rows.addArray();
        for (long count : row) {
          cells.add(count);
        }
      }
    }
    return details;
  }
}
