package lot4j.optim;

import lot4j.Require;

/**
 * A straight line from 1 down to {@code floor} after the warm-up, reached when the run ends.
 * Source: J. Devlin et al., "BERT", 2019, appendix A.2.
 *
 * @param warmup budget units in which the rate rises linearly to its full value, 0 or more
 * @param floor the factor at the end, from 0 to 1
 */
public record Linear(double warmup, double floor) implements ScheduleSpec {
  public Linear {
    Require.atLeast("warmup", warmup, 0.0);
    Require.within("floor", floor, 0, 1);
  }

  /** From 1 to 0, no warm-up. */
  public static Linear defaults() {
    return new Linear(0, 0);
  }

  @Override
  public LearningRate over(long updates, double updatesPerUnit) {
    Timeline time = new Timeline(updates, updatesPerUnit, warmup);
    return new PlannedRate(
        step -> time.warmingUp(step) ? time.warmth(step) : 1 - (1 - floor) * time.progress(step));
  }
}
