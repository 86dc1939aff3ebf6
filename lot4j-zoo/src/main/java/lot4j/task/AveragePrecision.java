package lot4j.task;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How well scores put what is relevant in front. */
final class AveragePrecision {
  private AveragePrecision() {}

  /**
   * Σ (Rₙ − Rₙ₋₁)·Pₙ over the thresholds n, one for each score that occurs, with precision P and
   * recall R of what scores as much or more; not interpolated. NaN if nothing is relevant or a
   * score is no number.
   */
  static double of(double[] scores, boolean[] relevant) {
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .toList();
    double sum = 0;
    long found = 0;
    long before = 0;
    for (int n = 0; n < order.size(); n++) {
      double score = scores[order.get(n)];
      if (Double.isNaN(score)) {
        return Double.NaN;
      }
      found += relevant[order.get(n)] ? 1 : 0;
      boolean ends = n + 1 == order.size() || scores[order.get(n + 1)] != score;
      if (ends) {
        sum += (found - before) * ((double) found / (n + 1));
        before = found;
      }
    }
    return sum / found;
  }
}
