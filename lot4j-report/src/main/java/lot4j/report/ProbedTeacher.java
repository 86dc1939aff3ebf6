package lot4j.report;

import java.util.Comparator;
import java.util.OptionalDouble;

/**
 * A finished run whose network was imitated, with what it achieves on its own.
 *
 * @param id its name in the probe, unique
 * @param label the group it belongs to: a method, or a way of training
 * @param seed of its run
 * @param directory where it lies
 * @param errorName what {@code error} is: {@code error}, one minus the accuracy; {@code rmse}, in
 *     the target's unit; or {@code loss}, nats a target
 * @param error on its test split; empty if it was not scored there
 * @param trainLoss the mean task loss of its last training line, nats
 */
public record ProbedTeacher(
    String id,
    String label,
    long seed,
    String directory,
    String errorName,
    OptionalDouble error,
    OptionalDouble trainLoss) {

  /**
   * What a finished run says about itself.
   *
   * @param learner the one that is imitated, {@code teacher} for instance
   */
  public static ProbedTeacher of(String id, String label, RunDirectory run, String learner) {
    OptionalDouble accuracy = test(run, learner, "accuracy");
    OptionalDouble rmse = test(run, learner, "rmse");
    String other = rmse.isPresent() ? "rmse" : "loss";
    return new ProbedTeacher(
        id,
        label,
        run.seed(),
        run.path().toString(),
        accuracy.isPresent() ? "error" : other,
        accuracy.isPresent()
            ? OptionalDouble.of(1 - accuracy.getAsDouble())
            : test(run, learner, other),
        trainLoss(run, learner));
  }

  private static OptionalDouble test(RunDirectory run, String learner, String metric) {
    return run.result()
        .map(result -> result.splits().get("test"))
        .map(learners -> learners.get(learner))
        .map(metrics -> metrics.get(metric))
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  private static OptionalDouble trainLoss(RunDirectory run, String learner) {
    return run.metrics().stream()
        .filter(line -> line.split().equals("train"))
        .filter(line -> line.number(learner + "/task_loss").isPresent())
        .max(Comparator.comparingLong(MetricLine::step))
        .map(line -> line.number(learner + "/task_loss"))
        .orElse(OptionalDouble.empty());
  }
}
