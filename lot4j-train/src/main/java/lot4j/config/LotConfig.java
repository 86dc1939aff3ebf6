package lot4j.config;

import lot4j.Imitability;
import lot4j.ReferenceMode;
import lot4j.Require;
import lot4j.StudentLoss;
import lot4j.method.Order;
import lot4j.method.RegularizeOn;
import lot4j.method.StudentTargets;

/**
 * The section {@code lot}: every decision where the paper and the authors' programs differ is a
 * key, hence the length. {@link Objectives} fills them.
 *
 * @param objective what filled the keys that were not given
 * @param alpha weight of the imitability in the teacher's loss (paper, equation 1)
 * @param steps N, student steps per teacher step, 0 or more
 * @param teacherMetric name of the measure in the regularizer
 * @param studentMetric name of the measure in the students' loss
 * @param temperature divides the logits of both measures, above 0
 * @param scaleByT2 whether both measures are multiplied by the squared temperature
 * @param studentTaskWeight weight of the task's loss in the students' loss, 0 or more
 * @param studentMetricWeight weight of the measure in the students' loss
 * @param order who goes first
 * @param regularizeOn the regularizer's batch
 * @param referenceMode how a network answers that is only asked
 * @param start the first teacher step with α above 0
 * @param every LoT's part happens on every k-th teacher step, 1 or more
 * @param batchFraction part of the batch that it uses, above 0, at most 1
 * @param studentTargets where the first student step's targets come from
 */
public record LotConfig(
    Objective objective,
    AlphaSchedule alpha,
    int steps,
    String teacherMetric,
    String studentMetric,
    double temperature,
    boolean scaleByT2,
    double studentTaskWeight,
    MetricWeight studentMetricWeight,
    Order order,
    RegularizeOn regularizeOn,
    ReferenceMode referenceMode,
    Start start,
    int every,
    double batchFraction,
    StudentTargets studentTargets) {
  /** Checks the values, each for itself. */
  public LotConfig {
    Require.atLeast("steps", steps, 0);
    Require.positive("temperature", temperature);
    Require.atLeast("student-task-weight", studentTaskWeight, 0.0);
    Require.atLeast("every", every, 1);
    Require.that(
        batchFraction > 0 && batchFraction <= 1,
        "batch-fraction",
        batchFraction,
        "above 0, at most 1");
  }

  /** The same with other measures. */
  LotConfig withMetrics(String teachers, String students) {
    return new LotConfig(
        objective,
        alpha,
        steps,
        teachers,
        students,
        temperature,
        scaleByT2,
        studentTaskWeight,
        studentMetricWeight,
        order,
        regularizeOn,
        referenceMode,
        start,
        every,
        batchFraction,
        studentTargets);
  }

  /** The measure in the teacher's regularizer. */
  public Imitability teacherMeasure(Catalog catalog) {
    return catalog.metric(teacherMetric, temperature, scaleByT2);
  }

  /** The measure in the students' loss. */
  public Imitability studentMeasure(Catalog catalog) {
    return catalog.metric(studentMetric, temperature, scaleByT2);
  }

  /** The students' loss at teacher step {@code step}; α is the schedule's, before start too. */
  public StudentLoss studentLoss(long step) {
    return new StudentLoss(studentTaskWeight, studentMetricWeight.at(alpha.at(step)));
  }
}
