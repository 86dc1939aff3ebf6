package lot4j.config;

/** Which batch the regularizer is computed on. */
public enum RegularizeOn {
  /** A batch of the students' stream drawn for it alone. */
  FRESH_BATCH,
  /** The batch of the students' stream that a student step uses too. */
  STUDENT_BATCH,
  /** The labelled batch of the teacher's step. */
  TASK_BATCH
}
