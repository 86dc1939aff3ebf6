package lot4j.optim;

import lot4j.checkpoint.Stateful;

/** The factor on the learning rate while a run goes on. */
public interface LearningRate extends Stateful {
  /** The factor in force during teacher step {@code step}, counted from 0. */
  double factor(long step);

  /** Takes note of a validation score; only schedules that wait for a plateau care. */
  void evaluated(double score, boolean higherIsBetter);
}
