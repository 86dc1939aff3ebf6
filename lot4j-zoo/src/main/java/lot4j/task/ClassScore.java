package lot4j.task;

import static org.bytedeco.pytorch.global.torch.max;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/** Predictions of samples with one label each. */
final class ClassScore implements PartScore {
  /** With more classes the confusion matrix is too large to be looked at. */
  private static final int MOST_CLASSES = 200;

  private final int size;
  private final IntUnaryOperator label;
  private final IntPredicate isNoisy;
  private final Calibration calibration = new Calibration();
  private final ClassCounts counts;
  private final long[][] confusion;
  private double loss;
  private long right;
  private long noisy;
  private long fitted;

  /**
   * Of no sample yet.
   *
   * @param size samples of the part
   * @param label of a place in the part
   * @param isNoisy whether that is not the data's own
   */
  ClassScore(int size, int classes, IntUnaryOperator label, IntPredicate isNoisy) {
    this.size = size;
    this.label = label;
    this.isNoisy = isNoisy;
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
      int is = label.applyAsInt(from + i);
      boolean hit = predicted[i] == is;
      right += hit ? 1 : 0;
      counts.add(is, (int) predicted[i]);
      calibration.add(confidence[i], hit);
      if (confusion.length > 0) {
        confusion[is][(int) predicted[i]]++;
      }
      if (isNoisy.test(from + i)) {
        noisy++;
        fitted += hit ? 1 : 0;
      }
    }
  }

  /** Means over the samples; where classes are uneven those over classes tell more. */
  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", loss / size);
    metrics.put("accuracy", (double) right / size);
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
