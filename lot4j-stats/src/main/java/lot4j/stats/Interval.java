package lot4j.stats;

/**
 * A closed interval of real numbers.
 *
 * @param low lower end, finite
 * @param high upper end, finite, {@code low} or more
 */
public record Interval(double low, double high) {
  /**
   * Checks the ends.
   *
   * @throws IllegalArgumentException if an end is not finite or the ends are in the wrong order
   */
  public Interval {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException(
          "interval = [" + low + ", " + high + "] is not allowed; two finite ends, low <= high");
    }
  }

  /** Whether {@code value} lies in the interval, its ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** The interval of the values with the opposite sign. */
  public Interval negated() {
    return new Interval(0 - high, 0 - low);
  }
}
