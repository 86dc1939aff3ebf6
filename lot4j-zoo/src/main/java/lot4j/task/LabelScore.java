package lot4j.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Predictions of images with any number of labels each; a label is predicted above ½. */
final class LabelScore implements PartScore {
  private final ImagePart part;
  private final int labels;
  private final Calibration calibration = new Calibration();
  private final long[] right;
  private final long[] predicted;
  private final long[] both;
  private final double[][] probabilities;
  private double loss;
  private long hits;
  private long exact;

  /** Of no image yet. */
  LabelScore(ImagePart part) {
    this.part = part;
    this.labels = part.images().classes().size();
    this.right = new long[labels];
    this.predicted = new long[labels];
    this.both = new long[labels];
    this.probabilities = new double[labels][part.size()];
  }

  @Override
  public void add(int from, Tensor logProbabilities, Tensor answers) {
    loss -= logProbabilities.gather(1, answers.unsqueeze(1)).sum().item_double();
    double[] yes = new double[(int) logProbabilities.size(0)];
    logProbabilities.select(1, 1).exp().cpu().contiguous().data_ptr_double().get(yes);
    for (int image = 0; image < yes.length / labels; image++) {
      boolean all = true;
      for (int label = 0; label < labels; label++) {
        all &= add(from + image, label, yes[image * labels + label]);
      }
      exact += all ? 1 : 0;
    }
  }

  private boolean add(int image, int label, double probability) {
    boolean is = part.images().has(part.rows().get(image), label);
    boolean said = probability > 0.5;
    boolean hit = is == said;
    probabilities[label][image] = probability;
    right[label] += is ? 1 : 0;
    predicted[label] += said ? 1 : 0;
    both[label] += is && said ? 1 : 0;
    hits += hit ? 1 : 0;
    calibration.add(Math.max(probability, 1 - probability), hit);
    return hit;
  }

  @Override
  public Map<String, Double> metrics() {
    double all = (double) part.size() * labels;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("loss", loss / all);
    metrics.put("accuracy", hits / all);
    metrics.put("exact_match", (double) exact / part.size());
    metrics.put("f1", macroF1());
    metrics.put(
        "micro_f1",
        f1(Arrays.stream(both).sum(), Arrays.stream(right).sum(), Arrays.stream(predicted).sum()));
    metrics.put("mean_average_precision", meanAveragePrecision());
    metrics.put("ece", calibration.error());
    return metrics;
  }

  /** 2·both / (right + predicted); 0 where a label neither occurs nor is predicted. */
  private static double f1(long both, long right, long predicted) {
    return right + predicted == 0 ? 0 : 2.0 * both / (right + predicted);
  }

  /** Over the labels that occur or are predicted. */
  private double macroF1() {
    double sum = 0;
    int counted = 0;
    for (int label = 0; label < labels; label++) {
      sum += f1(both[label], right[label], predicted[label]);
      counted += right[label] + predicted[label] > 0 ? 1 : 0;
    }
    return sum / Math.max(1, counted);
  }

  /** Over the labels that occur. */
  private double meanAveragePrecision() {
    double sum = 0;
    int counted = 0;
    for (int label = 0; label < labels; label++) {
      if (right[label] > 0) {
        sum += AveragePrecision.of(probabilities[label], relevant(label));
        counted++;
      }
    }
    return sum / Math.max(1, counted);
  }

  private boolean[] relevant(int label) {
    boolean[] relevant = new boolean[part.size()];
    for (int image = 0; image < relevant.length; image++) {
      relevant[image] = part.images().has(part.rows().get(image), label);
    }
    return relevant;
  }

  /** The reliability diagram's bins, over all labels of all images. */
  @Override
  public ObjectNode details() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.set("reliability", calibration.reliability());
    return details;
  }
}
