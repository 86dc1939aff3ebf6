package lot4j;

/**
 * A learner that imitates the teacher, with the weight λ of its imitability in the teacher's loss.
 *
 * @param learner the student's network and optimizer
 * @param weight λ, 0 or more; the weights of all students sum to 1
 */
public record Student(Learner learner, double weight) {
  public Student {
    Require.atLeast("student.lambda", weight, 0.0);
  }
}
