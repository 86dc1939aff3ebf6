package lot4j.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How well confidence, the probability of the predicted class, foretells accuracy: predictions in
 * 15 bins of equal width, each open below and closed above, as in C. Guo, G. Pleiss, Y. Sun, K. Q.
 * Weinberger, "On calibration of modern neural networks", ICML 2017.
 */
final class Calibration {
  static final int BINS = 15;

  private final long[] counts = new long[BINS];
  private final long[] right = new long[BINS];
  private final double[] confidence = new double[BINS];

  /** Adds a prediction. */
  void add(double sure, boolean correct) {
    int bin = Math.min(BINS, Math.max(1, (int) Math.ceil(sure * BINS))) - 1;
    counts[bin]++;
    confidence[bin] += sure;
    right[bin] += correct ? 1 : 0;
  }

  /** The expected calibration error Σ n/N · |accuracy − confidence|, a fraction; NaN of nothing. */
  double error() {
    double error = 0;
    long all = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(right[bin] - confidence[bin]);
      all += counts[bin];
    }
    return error / all;
  }

  /** The bins of a reliability diagram, from the lowest confidence on. */
  ArrayNode reliability() {
    ArrayNode bins = JsonNodeFactory.instance.arrayNode();
    for (int bin = 0; bin < BINS; bin++) {
      ObjectNode node = bins.addObject();
      node.put("from", (double) bin / BINS);
      node.put("to", (double) (bin + 1) / BINS);
      node.put("n", counts[bin]);
      put(node, "confidence", confidence[bin], counts[bin]);
      put(node, "accuracy", right[bin], counts[bin]);
    }
    return bins;
  }

  private static void put(ObjectNode node, String name, double sum, long count) {
    if (count > 0 && Double.isFinite(sum)) {
      node.put(name, sum / count);
    } else {
      node.putNull(name);
      node.put(name + "_reason", count == 0 ? "no samples" : "not a number");
    }
  }
}
