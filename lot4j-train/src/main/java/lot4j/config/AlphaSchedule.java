package lot4j.config;

import lot4j.Require;
import lot4j.Schedule;

/** α as the configuration writes it: a number, or a schedule of teacher steps. */
public sealed interface AlphaSchedule extends Schedule {
  /** What α may be. */
  String ALLOWED = "0 or more (0 trains the teacher alone)";

  /** Whether α is 0 at every step, so that the run is a teacher's alone. */
  boolean isZero();

  @Override
  default boolean monotone() {
    return true;
  }

  private static double weight(String name, double value) {
    return Require.that(value >= 0 && Double.isFinite(value), name, value, ALLOWED);
  }

  /**
   * The same α at every step.
   *
   * @param value 0 or more
   */
  record Constant(double value) implements AlphaSchedule {
    /** Checks the value. */
    public Constant {
      weight("alpha", value);
    }

    @Override
    public double at(long step) {
      return value;
    }

    @Override
    public boolean isZero() {
      return value == 0;
    }
  }

  /**
   * A straight line, then constant.
   *
   * @param from α at step 0
   * @param to α from step {@code steps} on
   * @param steps length of the way, 1 or more
   */
  record Linear(double from, double to, long steps) implements AlphaSchedule {
    /** Checks the values. */
    public Linear {
      weight("from", from);
      weight("to", to);
      Require.atLeast("steps", steps, 1L);
    }

    @Override
    public double at(long step) {
      return step >= steps ? to : from + (to - from) * step / steps;
    }

    @Override
    public boolean isZero() {
      return from == 0 && to == 0;
    }
  }

  /**
   * Half a cosine wave, then constant.
   *
   * @param from α at step 0
   * @param to α from step {@code steps} on
   * @param steps length of the way, 1 or more
   */
  record Cosine(double from, double to, long steps) implements AlphaSchedule {
    /** Checks the values. */
    public Cosine {
      weight("from", from);
      weight("to", to);
      Require.atLeast("steps", steps, 1L);
    }

    @Override
    public double at(long step) {
      if (step >= steps) {
        return to;
      }
      return to + (from - to) * (1 + Math.cos(Math.PI * step / steps)) / 2;
    }

    @Override
    public boolean isZero() {
      return from == 0 && to == 0;
    }
  }

  /**
   * From 0 up in a straight line, then constant.
   *
   * @param to α from step {@code steps} on
   * @param steps length of the way, 1 or more
   */
  record Warmup(double to, long steps) implements AlphaSchedule {
    /** Checks the values. */
    public Warmup {
      weight("to", to);
      Require.atLeast("steps", steps, 1L);
    }

    @Override
    public double at(long step) {
      return step >= steps ? to : to * step / steps;
    }

    @Override
    public boolean isZero() {
      return to == 0;
    }
  }
}
