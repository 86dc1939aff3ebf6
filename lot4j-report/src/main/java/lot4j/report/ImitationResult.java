package lot4j.report;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One student's imitation of one network.
 *
 * @param teacher id of the imitated run
 * @param student which kind of student; {@code student} where there is one kind
 * @param seed of the student's initial weights and batches
 * @param directory the student's run
 * @param heldOutSplit {@code valid}, or {@code test} where there is no validation split
 * @param train on the training split; without points if that was not scored
 * @param heldOut on the held-out split
 * @param teacherEntropy mean entropy of the network's predictions on the held-out split, nats; of
 *     numbers the differential entropy, which depends on the target's unit
 * @param teacherScore of the network on the held-out split
 * @param studentScore of the student on the held-out split, in the end
 */
public record ImitationResult(
    String teacher,
    String student,
    long seed,
    String directory,
    String heldOutSplit,
    ImitationCurve train,
    ImitationCurve heldOut,
    OptionalDouble teacherEntropy,
    Score teacherScore,
    Score studentScore) {
  /**
   * How well a network does the task that the imitated one learned.
   *
   * @param accuracy empty where a number is predicted, and in texts
   * @param rmse in the target's unit; empty where classes are predicted
   */
  public record Score(OptionalDouble accuracy, OptionalDouble rmse) {}

  /** What a student's run says; empty if it has no evaluation yet. */
  public static Optional<ImitationResult> of(String teacher, String student, RunDirectory run) {
    ImitationCurve valid = ImitationCurve.of(run, "valid");
    String split = valid.points().isEmpty() ? "test" : "valid";
    ImitationCurve heldOut = valid.points().isEmpty() ? ImitationCurve.of(run, "test") : valid;
    if (heldOut.points().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ImitationResult(
            teacher,
            student,
            run.seed(),
            run.path().toString(),
            split,
            ImitationCurve.of(run, "train"),
            heldOut,
            last(run, split, "reference_entropy"),
            score(run, split, "reference_"),
            score(run, split, "teacher/")));
  }

  private static Score score(RunDirectory run, String split, String of) {
    return new Score(last(run, split, of + "accuracy"), last(run, split, of + "rmse"));
  }

  /** Whether both predict a number. */
  public boolean numbers() {
    return heldOut.last().distance().isPresent();
  }

  /**
   * KL(student ‖ network) on held-out data in the end, in units of the network's own entropy; empty
   * of numbers, whose entropy has no zero.
   */
  public OptionalDouble relative() {
    return !numbers() && teacherEntropy.isPresent() && teacherEntropy.getAsDouble() > 0
        ? OptionalDouble.of(heldOut.last().klFreeReference() / teacherEntropy.getAsDouble())
        : OptionalDouble.empty();
  }

  /** How much harder held-out data is to imitate on than training data, in the end, nats. */
  public OptionalDouble gap() {
    return train.points().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(heldOut.last().klFreeReference() - train.last().klFreeReference());
  }

  private static OptionalDouble last(RunDirectory run, String split, String key) {
    return run.metrics().stream()
        .filter(line -> line.split().equals(split) && line.number(key).isPresent())
        .max(Comparator.comparingLong(MetricLine::step))
        .map(line -> line.number(key))
        .orElse(OptionalDouble.empty());
  }
}
