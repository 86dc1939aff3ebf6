package lot4j.train;

/**
 * The metric that decides: checkpoints are chosen by it on the validation split, comparisons are
 * made of it on the test split.
 *
 * @param name e.g. {@code accuracy}
 * @param higherIsBetter its direction
 */
public record Primary(String name, boolean higherIsBetter) {
  /** Whether {@code a} is better than {@code b}. */
  public boolean better(double a, double b) {
    return higherIsBetter ? a > b : a < b;
  }
}
