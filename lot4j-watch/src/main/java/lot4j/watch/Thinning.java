package lot4j.watch;

/**
 * Leaves out points that a chart of so many columns cannot show.
 *
 * <p>Every column keeps its first, lowest, highest and last point, so that no spike and no gap is
 * lost; a curve that already fits is left as it is.
 */
final class Thinning {
  private Thinning() {}

  /**
   * The points that are kept, in order.
   *
   * @param x positions, [points]; a column is an equal part of their range
   * @param y values, [points]
   * @param columns 1 or more
   * @return indices into both
   */
  static int[] keep(double[] x, double[] y, int columns) {
    int n = x.length;
    int[] kept = new int[Math.min(n, 4 * columns)];
    if (n <= 4 * columns) {
      for (int i = 0; i < n; i++) {
        kept[i] = i;
      }
      return kept;
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double at : x) {
      low = Math.min(low, at);
      high = Math.max(high, at);
    }
    double width = high > low ? (high - low) / columns : 1;
    int size = 0;
    int i = 0;
    while (i < n) {
      int column = column(x[i], low, width, columns);
      int first = i;
      int lowest = i;
      int highest = i;
      int last = i;
      for (; i < n && column(x[i], low, width, columns) == column; i++) {
        lowest = y[i] < y[lowest] ? i : lowest;
        highest = y[i] > y[highest] ? i : highest;
        last = i;
      }
      int before = -1;
      for (int point : sorted(first, lowest, highest, last)) {
        if (point != before) {
          if (size == kept.length) {
            // Positions that go back (a damaged file) make more columns than were asked for.
            kept = java.util.Arrays.copyOf(kept, 2 * size);
          }
          kept[size++] = point;
          before = point;
        }
      }
    }
    return java.util.Arrays.copyOf(kept, size);
  }

  private static int column(double x, double low, double width, int columns) {
    return (int) Math.min(columns - 1, Math.floor((x - low) / width));
  }

  private static int[] sorted(int first, int lowest, int highest, int last) {
    return new int[] {first, Math.min(lowest, highest), Math.max(lowest, highest), last};
  }
}
