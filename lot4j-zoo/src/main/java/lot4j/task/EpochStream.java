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
 * Epoch after epoch of a part's samples, each in a new random order. A step takes {@code batch-size
 * × accumulate} samples, cut into batches of {@code batch-size}; an epoch's last step takes what is
 * left.
 */
final class EpochStream<B> implements BatchSource<B> {
  private final int size;
  private final int batchSize;
  private final int step;
  private final RandomStream ordering;
  private final Cut<B> cut;
  private byte[] epochState;
  private int[] order;
  private int position;

  /** Makes a batch of some of a part's samples. */
  interface Cut<B> {
    /**
     * A batch in the innermost {@code PointerScope}.
     *
     * @param order indices into the part
     * @param from first position of {@code order}
     * @param to position after the last
     */
    B batch(int[] order, int from, int to);
  }

  /** Of a part with {@code size} samples. */
  EpochStream(int size, int batchSize, int accumulate, RandomStream ordering, Cut<B> cut) {
    this.size = size;
    this.batchSize = Require.atLeast("batch-size", batchSize, 1);
    this.step = Math.multiplyExact(batchSize, Require.atLeast("accumulate", accumulate, 1));
    this.ordering = ordering;
    this.cut = cut;
    beginEpoch();
  }

  @Override
  public List<B> next() {
    if (position == size) {
      beginEpoch();
    }
    int end = Math.min(size, Math.addExact(position, Math.min(step, size)));
    List<B> batches = new ArrayList<>();
    while (position < end) {
      int to = Math.min(end, position + batchSize);
      batches.add(cut.batch(order, position, to));
      position = to;
    }
    return batches;
  }

  /** The state is the generator at the epoch's beginning and the position in it. */
  @Override
  public void save(StateWriter out) {
    out.number("samples", size);
    out.bytes("epoch", epochState);
    out.number("position", position);
  }

  @Override
  public void restore(StateReader in) {
    if (in.number("samples") != size) {
      throw new CheckpointException(
          "samples: the checkpoint's stream has "
              + in.number("samples")
              + ", this data "
              + size
              + "; the data is not the one that was trained on");
    }
    long at = in.number("position");
    if (at < 0 || at > size) {
      throw new CheckpointException("position = " + at + " is not allowed; 0 to " + size);
    }
    ordering.state(in.bytes("epoch"));
    beginEpoch();
    position = (int) at;
  }

  private void beginEpoch() {
    epochState = ordering.state();
    order = ordering.permutation(size);
    position = 0;
  }
}
