package lot4j.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one learner predicts for the rows of a part, row after row. */
final class ClassScore {
  private final TablePart part;
  private final Calibration calibration = new Calibration();
  private final long[][] confusion;
  private double loss;
  private long right;
  private long noisy;
  private long fitted;

  /** Of no row yet. */
  ClassScore(TablePart part, int classes) {
    this.part = part;
    this.confusion = new long[classes <= ImageScore.MOST_CLASSES ? classes : 0][classes];
  }

  /**
   * Adds some rows.
   *
   * @param from the first row's place in the part; the others follow
   * @param nll of all of them together, in nats
   * @param confidence the probability of each one's predicted class
   * @param predicted each one's most probable class
   */
  void add(int from, double nll, double[] confidence, long[] predicted) {
    loss += nll;
    for (int i = 0; i < predicted.length; i++) {
      int label = part.label(from + i);
      boolean hit = predicted[i] == label;
      right += hit ? 1 : 0;
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

  /** Means over the rows; with an uneven table the mean accuracy of the classes tells more. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", loss / part.size());
    metrics.put("accuracy", (double) right / part.size());
    if (confusion.length > 0) {
      metrics.put("balanced_accuracy", balanced());
    }
    metrics.put("ece", calibration.error());
    if (noisy > 0) {
      metrics.put("noise_fitted", (double) fitted / noisy);
    }
    return metrics;
  }

  /** The mean over the classes that there are of the fraction that is found. */
  private double balanced() {
    double sum = 0;
    int present = 0;
    for (int i = 0; i < confusion.length; i++) {
      long rows = 0;
      for (long cell : confusion[i]) {
        rows += cell;
      }
      if (rows > 0) {
        sum += (double) confusion[i][i] / rows;
        present++;
      }
    }
    return sum / present;
  }

  /** The reliability diagram's bins, and the confusion matrix unless there are too many classes. */
  ObjectNode details() {
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
