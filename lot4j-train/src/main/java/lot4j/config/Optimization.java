package lot4j.config;

import java.util.Optional;
import lot4j.Require;
import lot4j.optim.OptimizerSpec;
import lot4j.optim.ScheduleSpec;

/**
 * How weights move.
 *
 * @param optimizer what moves the teacher's weights
 * @param studentOptimizer the students'; keys given override {@code optimizer}'s, another kind
 *     starts from its own defaults
 * @param schedule of the teacher's learning rate
 * @param studentSchedule the students', likewise; it goes by teacher steps too
 * @param ema decay of the teacher's averaged weights, which are then evaluated and exported; none:
 *     no average
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
