package lot4j.config;

import java.util.Optional;
import lot4j.Require;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.ScheduleSpec;

/**
 * How weights move.
 *
 * @param optimizer the teacher's
 * @param studentOptimizer the students', complete
 * @param schedule of the teacher's learning rate
 * @param studentSchedule of the students', complete; indexed by teacher steps too
 * @param ema decay of the teacher's averaged weights, in (0, 1); empty: no average
 */
public record Optimization(
    OptimizerSpec optimizer,
    OptimizerSpec studentOptimizer,
    ScheduleSpec schedule,
    ScheduleSpec studentSchedule,
    Optional<Double> ema) {
  /** Checks the decay. */
  public Optimization {
    ema.ifPresent(
        decay ->
            Require.that(decay > 0 && decay < 1, "ema", decay, "none, or above 0 and below 1"));
  }
}
