package lot4j.method;

import lot4j.optim.Weights;

/** The learners' weights, for methods that copy, average, disturb or renew them. */
public interface Networks {
  /** The teacher's. */
  Weights teacher();

  /** A student's, by its number from 0. */
  Weights student(int index);

  /**
   * Begins a student anew: fresh initial weights, an optimizer that remembers nothing.
   *
   * @param generation decides the weights, together with the run's seed; 1 or more
   */
  void renew(int index, long generation);
}
