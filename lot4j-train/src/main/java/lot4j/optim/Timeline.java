package lot4j.optim;

/**
 * Where a teacher step stands in a run.
 *
 * @param updates teacher steps of the whole run
 * @param perUnit teacher steps in a budget unit
 * @param warmup budget units of warm-up
 */
record Timeline(long updates, double perUnit, double warmup) {

  /** Whether {@code step} belongs to the warm-up. */
  boolean warmingUp(long step) {
    return step < warmup * perUnit;
  }

  /** The factor during the warm-up: one part of it at step 0, 1 at its last step. */
  double warmth(long step) {
    return Math.min(1, (step + 1) / (warmup * perUnit));
  }

  /** The warm-up's factor at any step: 1 once it is over. */
  double warmthOrOne(long step) {
    return warmingUp(step) ? warmth(step) : 1;
  }

  /** The part of the time after the warm-up that lies behind {@code step}, from 0 to 1. */
  double progress(long step) {
    double start = warmup * perUnit;
    return part(step - start, updates - start);
  }

  /** The same as it was at the start of the step's unit. */
  double unitProgress(long step) {
    return part(unit(step) - warmup, updates / perUnit - warmup);
  }

  /** Whole units behind {@code step}. */
  double unit(long step) {
    return Math.floor(step / perUnit);
  }

  private static double part(double done, double whole) {
    return whole <= 0 ? 1 : Math.min(1, Math.max(0, done / whole));
  }
}
