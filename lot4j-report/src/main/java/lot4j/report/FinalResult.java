package lot4j.report;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What {@code result.json} says.
 *
 * @param primary the number by which methods are compared
 * @param value its value; empty where the file has null
 * @param splits final metrics: split → learner → metric → value
 * @param selectedOn {@code valid} or {@code none (last)}
 * @param selectedStep the teacher step of the selected checkpoint
 * @param teacherUpdates steps of the teacher's optimizer
 * @param studentUpdates steps of all students' optimizers
 * @param flops floating-point operations of the run
 * @param wallSeconds without downtime
 * @param peakBytes peak resident memory
 */
public record FinalResult(
    Metric primary,
    OptionalDouble value,
    Map<String, Map<String, Map<String, Double>>> splits,
    String selectedOn,
    OptionalDouble selectedStep,
    OptionalDouble teacherUpdates,
    OptionalDouble studentUpdates,
    OptionalDouble flops,
    OptionalDouble wallSeconds,
    OptionalDouble peakBytes) {
  /** The final metric of a learner, on the split of the primary metric. */
  public OptionalDouble of(String learner) {
    return of(primary.split(), learner);
  }

  /** The final value, on another split, of what is compared. */
  public OptionalDouble of(String split, String learner) {
    return Optional.ofNullable(splits.get(split))
        .map(learners -> learners.get(learner))
        .map(metrics -> metrics.get(primary.quantity()))
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }
}
