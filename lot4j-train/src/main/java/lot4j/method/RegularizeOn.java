package lot4j.method;

/** The batch that the teacher is regularized on. */
public enum RegularizeOn {
  /** A batch of the students' stream drawn for the regularizer alone, as Algorithm 1 prints it. */
  FRESH_BATCH,
  /** A batch of the students' stream that a student step uses too. */
  STUDENT_BATCH,
  /** The labelled batch of the teacher's own step. */
  TASK_BATCH
}
