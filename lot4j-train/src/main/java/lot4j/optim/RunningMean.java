package lot4j.optim;

import java.util.function.LongPredicate;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;

/**
 * The mean of the weights and running statistics that a network had after some of its steps; until
 * the first of those, its own. Owns its copy, not the weights.
 */
public final class RunningMean implements Average {
  private final LongPredicate counts;
  private final Snapshot mean;
  private long count;

  /** Over the weights after the teacher steps, from 0, that {@code counts} takes. */
  public RunningMean(Weights weights, LongPredicate counts) {
    this.counts = counts;
    this.mean = new Snapshot(weights);
  }

  @Override
  public void update(long step) {
    if (counts.test(step)) {
      mean.blend(count / (count + 1.0));
      count++;
    }
  }

  @Override
  public Swap swapIn() {
    return count == 0 ? () -> {} : mean.swapIn();
  }

  @Override
  public void save(StateWriter out) {
    out.number("count", count);
    mean.save(out);
  }

  @Override
  public void restore(StateReader in) {
    count = in.number("count");
    mean.restore(in);
  }

  @Override
  public void close() {
    mean.close();
  }
}
