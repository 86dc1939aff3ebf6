package lot4j.method;

import lot4j.optim.Snapshot;

/** How a copy of the teacher, which takes the students' place, follows it. */
public sealed interface Following permits SelfLagged, MeanTeacher {
  /** The same told how long epochs are. */
  Following at(Paces paces);

  /** Moves the copy after teacher step {@code step}, counted from 0. */
  void follow(Snapshot copy, long step);
}
