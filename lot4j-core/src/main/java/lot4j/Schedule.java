package lot4j;

/** A value as a function of the teacher's step, counted from 0. */
@FunctionalInterface
public interface Schedule {
  /** The value in force during teacher step {@code step}. */
  double at(long step);

  /** The same value at every step. */
  static Schedule constant(double value) {
    return step -> value;
  }
}
