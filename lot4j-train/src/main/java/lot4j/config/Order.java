package lot4j.config;

/** Who goes first within a step. */
public enum Order {
  /** The teacher's step, then N student steps against the new teacher. */
  TEACHER_FIRST,
  /** N student steps, then the teacher's. */
  STUDENTS_FIRST,
  /** Both answer first and step together; N - 1 further student steps follow. */
  JOINT
}
