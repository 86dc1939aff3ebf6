package lot4j.optim;

import java.util.function.LongToDoubleFunction;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * A rate that is known for every step before the run; it has no state.
 *
 * @param plan the factor at a teacher step
 */
record PlannedRate(LongToDoubleFunction plan) implements LearningRate {
  @Override
  public double factor(long step) {
    return plan.applyAsDouble(step);
  }

  @Override
  public void evaluated(double score, boolean higherIsBetter) {
    // A planned rate does not look at scores.
  }

  @Override
  public void save(StateWriter out) {
    // Nothing changes during the run.
  }

  @Override
  public void restore(StateReader in) {
    // Nothing changes during the run.
  }
}
