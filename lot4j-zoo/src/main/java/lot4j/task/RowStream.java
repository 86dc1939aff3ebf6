package lot4j.task;

import java.util.ArrayList;
import java.util.List;
import lot4j.Require;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.train.BatchSource;

/**
 * Epoch after epoch of a part's rows, each in a new random order. A step takes {@code batch-size ×
 * accumulate} rows, cut into batches of {@code batch-size}; an epoch's last step takes what is
 * left.
 */
final class RowStream implements BatchSource<TableBatch> {
  private final TablePart part;
  private final int batchSize;
  private final int step;
  private final RandomStream ordering;
  private byte[] epochState;
  private int[] order;
  private int position;

  RowStream(TablePart part, int batchSize, int accumulate, RandomStream ordering) {
    this.part = part;
    this.batchSize = Require.atLeast("batch-size", batchSize, 1);
    this.step = Math.multiplyExact(batchSize, Require.atLeast("accumulate", accumulate, 1));
    this.ordering = ordering;
    beginEpoch();
  }

  @Override
  public List<TableBatch> next() {
    if (position == part.size()) {
      beginEpoch();
    }
    int end = Math.min(part.size(), Math.addExact(position, Math.min(step, part.size())));
    List<TableBatch> batches = new ArrayList<>();
    while (position < end) {
      int to = Math.min(end, position + batchSize);
      batches.add(part.batch(order, position, to));
      position = to;
    }
    return batches;
  }

  /** The state is the generator at the epoch's beginning and the position in it. */
  @Override
  public void save(StateWriter out) {
    out.number("samples", part.size());
    out.bytes("epoch", epochState);
    out.number("position", position);
  }

  @Override
  public void restore(StateReader in) {
    if (in.number("samples") != part.size()) {
      throw new CheckpointException(
          "samples: the checkpoint's stream has "
              + in.number("samples")
              + ", this data "
              + part.size()
              + "; the data is not the one that was trained on");
    }
    long at = in.number("position");
    if (at < 0 || at > part.size()) {
      throw new CheckpointException("position = " + at + " is not allowed; 0 to " + part.size());
    }
    ordering.state(in.bytes("epoch"));
    beginEpoch();
    position = (int) at;
  }

  private void beginEpoch() {
    epochState = ordering.state();
    order = ordering.permutation(part.size());
    position = 0;
  }
}
