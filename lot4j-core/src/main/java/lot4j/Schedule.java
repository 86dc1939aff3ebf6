package lot4j;

/** A value as a function of the teacher's step, counted from 0. */
@FunctionalInterface
public interface Schedule {
  /** The value in force during teacher step {@code step}. */
  double at(long step);

  /**
   * Whether the value never rises or never falls, so that two steps say what lies between them;
   * false where nobody knows.
   */
  default boolean monotone() {
    return false;
  }

  /** The same value at every step. */
  static Schedule constant(double value) {
    return new Constant(value);
  }

  /**
   * The same value at every step.
   *
   * @param value that value
   */
  record Constant(double value) implements Schedule {
    @Override
    public double at(long step) {
      return value;
    }

    @Override
    public boolean monotone() {
      return true;
    }
  }
}
