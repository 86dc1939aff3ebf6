package lot4j;

/** Argument checks in the house form: {@code name = value is not allowed; what is}. */
public final class Require {
  private Require() {}

  /** Returns {@code value} if it is a finite number above 0. */
  public static double positive(String name, double value) {
    return that(value > 0 && Double.isFinite(value), name, value, "a number above 0");
  }

  /** Returns {@code value} if it is a finite number, {@code least} or more. */
  public static double atLeast(String name, double value, double least) {
    return that(value >= least && Double.isFinite(value), name, value, plain(least) + " or more");
  }

  /** Returns {@code value} if it is {@code least} or more. */
  public static int atLeast(String name, int value, int least) {
    return that(value >= least, name, value, least + " or more");
  }

  /** Returns {@code value} if it is {@code least} or more. */
  public static long atLeast(String name, long value, long least) {
    return that(value >= least, name, value, least + " or more");
  }

  /** Returns {@code value} if it lies in {@code [low, high]}. */
  public static double within(String name, double value, double low, double high) {
    return that(
        value >= low && value <= high, name, value, "from " + plain(low) + " to " + plain(high));
  }

  /** Returns {@code value} if it lies in {@code [low, high)}. */
  public static double below(String name, double value, double low, double high) {
    return that(
        value >= low && value < high,
        name,
        value,
        plain(low) + " or more and below " + plain(high));
  }

  /**
   * Returns {@code value} if {@code allowed}.
   *
   * @throws IllegalArgumentException naming the argument, its value and what is allowed
   */
  public static <T> T that(boolean allowed, String name, T value, String what) {
    if (!allowed) {
      throw new IllegalArgumentException(
          name
              + " = "
              + (value instanceof Double d ? plain(d) : value)
              + " is not allowed; "
              + what);
    }
    return value;
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
