package lot4j.method;

/** A training method's description. */
public interface MethodSpec {
  /** Whether the method trains the configured students. */
  boolean usesStudents();

  /** The same method told how long epochs are, before anything else is asked of it. */
  default MethodSpec at(Paces paces) {
    return this;
  }

  /** The method at work on a task. */
  <B> Method over(Setting<B> setting);

  /**
   * What {@code updates} teacher steps compute, worked out from the sizes of the batches alone.
   *
   * @param students number of configured students
   */
  Bill bill(long updates, int students, Paces paces);
}
