package lot4j.optim;

import lot4j.Require;

/**
 * The rate is multiplied by {@code gamma} every {@code size} budget units, counted from the start
 * of the run. Source: PyTorch, {@code StepLR}.
 *
 * @param size budget units between two drops, above 0
 * @param gamma factor of a drop, above 0 and at most 1
 * @param warmup budget units in which the rate rises linearly to its full value, 0 or more
 */
public record Step(double size, double gamma, double warmup) implements ScheduleSpec {
  public Step {
    Require.positive("size", size);
    Require.that(gamma > 0 && gamma <= 1, "gamma", gamma, "above 0 and at most 1");
    Require.atLeast("warmup", warmup, 0.0);
  }

  /** A tenth every 30 units, no warm-up. */
  public static Step defaults() {
    return new Step(30, 0.1, 0);
  }

  @Override
  public LearningRate over(long updates, double updatesPerUnit) {
    Timeline time = new Timeline(updates, updatesPerUnit, warmup);
    return new PlannedRate(
        step ->
            time.warmthOrOne(step) * Math.pow(gamma, Math.floor(step / (size * updatesPerUnit))));
  }
}
