package lot4j.task;

/** How often each class was right, predicted, and both; the means over classes that follow. */
final class ClassCounts {
  private final long[] right;
  private final long[] predicted;
  private final long[] both;

  /** Of no sample yet. */
  ClassCounts(int classes) {
    this.right = new long[classes];
    this.predicted = new long[classes];
    this.both = new long[classes];
  }

  /** Adds a sample. */
  void add(int label, int prediction) {
    right[label]++;
    predicted[prediction]++;
    both[label] += label == prediction ? 1 : 0;
  }

  /** Mean over the classes that occur of the part that was found of each; NaN of nothing. */
  double balancedAccuracy() {
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < right.length; c++) {
      if (right[c] > 0) {
        sum += (double) both[c] / right[c];
        classes++;
      }
    }
    return sum / classes;
  }

  /**
   * Mean of 2·both / (right + predicted) over the classes that occur or are predicted; NaN of
   * nothing.
   */
  double macroF1() {
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < right.length; c++) {
      if (right[c] + predicted[c] > 0) {
        sum += 2.0 * both[c] / (right[c] + predicted[c]);
        classes++;
      }
    }
    return sum / classes;
  }
}
