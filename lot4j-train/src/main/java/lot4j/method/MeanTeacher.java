package lot4j.method;

import lot4j.Require;
import lot4j.optim.Snapshot;

/**
 * The copy is an exponential moving average of the teacher's weights: a student without an
 * optimizer of its own. Its running statistics are the teacher's. The network that is judged and
 * kept is the one that learns, not the average; {@code ema} keeps the average. Source: A. Tarvainen
 * and H. Valpola, "Mean teachers are better role models", 2017, equations 1 and 2.
 *
 * @param decay part of the average kept at each teacher step, 0 or more and below 1; 0 is the
 *     teacher itself as it was before the step
 */
public record MeanTeacher(double decay) implements Following {
  public MeanTeacher {
    Require.below("decay", decay, 0, 1);
  }

  @Override
  public MeanTeacher at(Paces paces) {
    return this;
  }

  @Override
  public void follow(Snapshot copy, long step) {
    copy.follow(decay);
  }
}
