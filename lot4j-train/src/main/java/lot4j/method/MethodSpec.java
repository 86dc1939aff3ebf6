package lot4j.method;

import java.util.Optional;
import lot4j.ReferenceMode;
import lot4j.optim.Average;
import lot4j.optim.LearningRate;
import lot4j.optim.Weights;

/** A training method's description. */
public interface MethodSpec {
  /** The learner that is judged and kept, unless a method says otherwise. */
  String TEACHER = "teacher";

  /** Whether other networks than the teacher are trained or asked: the students. */
  boolean usesStudents();

  /**
   * How many networks like the teacher, each with initial weights of its own, take the place of the
   * configured students; 0 leaves those.
   */
  default int copies() {
    return 0;
  }

  /**
   * How many trainings of the budget's length follow one another. The teacher learns in the last
   * one, students in those before; every learner's schedule starts anew with each, and so do the
   * streams: each training goes through the same batches in the same order.
   */
  default int stages() {
    return 1;
  }

  /** Whether it can be used only where networks tell classes apart, not for numbers. */
  default boolean needsClasses() {
    return false;
  }

  /** The learner whose score decides: the teacher, a student, or {@code ensemble}. */
  default String judged() {
    return TEACHER;
  }

  /**
   * How networks answer that are only asked, where the method decides it; else {@code
   * lot.reference-mode} does.
   */
  default Optional<ReferenceMode> referenceMode() {
    return Optional.empty();
  }

  /** The same method told how long epochs are, before anything else is asked of it. */
  default MethodSpec at(Paces paces) {
    return this;
  }

  /**
   * The average of its weights that the teacher is judged by and deployed with, in place of the
   * weights themselves, if the method keeps one; it begins at the present weights.
   *
   * @param updates teacher steps of the run
   */
  default Optional<Average> average(Weights teacher, long updates) {
    return Optional.empty();
  }

  /**
   * The teacher's learning rate where the method changes the planned one.
   *
   * @param updates teacher steps of the run
   */
  default LearningRate rate(LearningRate planned, long updates) {
    return planned;
  }

  /** Whether a student is a finished network, which is only asked. */
  default boolean finished(int student) {
    return false;
  }

  /** The method at work on a task. */
  <B> Method over(Setting<B> setting);

  /**
   * What {@code updates} calls of {@link Method#update} compute, worked out from the sizes of the
   * batches alone.
   *
   * @param updates of all stages together
   * @param students number of students
   */
  Bill bill(long updates, int students, Paces paces);
}
