package lot4j.optim;

import lot4j.Require;

/**
 * The full rate throughout, after a warm-up if there is one.
 *
 * @param warmup budget units in which the rate rises linearly to its full value, 0 or more
 */
public record Constant(double warmup) implements ScheduleSpec {
  public Constant {
    Require.atLeast("warmup", warmup, 0.0);
  }

  /** No warm-up. */
  public static Constant defaults() {
    return new Constant(0);
  }

  @Override
  public LearningRate over(long updates, double updatesPerUnit) {
    return new PlannedRate(new Timeline(updates, updatesPerUnit, warmup)::warmthOrOne);
  }
}
