package lot4j.method;

/** When the students step relative to the teacher. */
public enum Order {
  /** The teacher, then N student steps toward the updated teacher, as Algorithm 1 prints it. */
  TEACHER_FIRST,
  /** N student steps, then the teacher. */
  STUDENTS_FIRST,
  /**
   * Both on the task batch from the old weights, then N - 1 further student steps, as the released
   * code does.
   */
  JOINT
}
