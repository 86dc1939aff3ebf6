package lot4j;

/**
 * What a student minimises: {@code taskWeight · task + metricWeight · μ(s, sg[t])}.
 *
 * @param taskWeight weight of the task's own loss, 0 or more; above 0 needs labelled batches
 * @param metricWeight weight of the imitability, 0 or more
 */
public record StudentLoss(double taskWeight, double metricWeight) {
  public StudentLoss {
    Require.atLeast("student-task-weight", taskWeight, 0.0);
    Require.atLeast("student-metric-weight", metricWeight, 0.0);
  }

  /** The paper's (equation 2): imitation alone; unlabelled data is fine. */
  public static StudentLoss imitation() {
    return new StudentLoss(0, 1);
  }

  /** The authors' scripts for images and text: labels plus α times the imitability. */
  public static StudentLoss imitationAndTask(double alpha) {
    return new StudentLoss(1, alpha);
  }
}
