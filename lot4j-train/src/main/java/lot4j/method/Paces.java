package lot4j.method;

import lot4j.Require;
import lot4j.train.Pace;

/**
 * The two streams' step sizes.
 *
 * @param task of the teacher's stream
 * @param student of the students' stream
 * @param memories how many memories the students' stream draws from at once, where it draws from
 *     what was met lately: one for each process that acts
 */
public record Paces(Pace task, Pace student, int memories) {
  public Paces {
    Require.atLeast("memories", memories, 1);
  }

  /** Of a process alone. */
  public Paces(Pace task, Pace student) {
    this(task, student, 1);
  }
}
