package lot4j.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Ranks from 1; equal values share the mean of their places. */
final class Ranks {
  private Ranks() {}

  /** The rank of each of {@code values}, in the order they stand in. */
  static double[] of(double[] values) {
    int n = values.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[n];
    int from = 0;
    while (from < n) {
      int to = from + 1;
      while (to < n && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  /** The ranks with their mean (n + 1) / 2 taken off. */
  static double[] centred(double[] values) {
    double middle = (values.length + 1) / 2.0;
    return Arrays.stream(of(values)).map(rank -> rank - middle).toArray();
  }
}
