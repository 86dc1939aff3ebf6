package lot4j.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lot4j.Require;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.train.BatchSource;

/**
 * Epoch after epoch of a part's examples, each in a new random order. A step takes {@code
 * batch-size × accumulate} examples, cut into batches of {@code batch-size}; an epoch's last step
 * takes what is left.
 */
final class InstructionStream implements BatchSource<InstructionBatch> {
  private final List<InstructionBatch.Example> examples;
  private final int length;
  private final int batchSize;
  private final int step;
  private final RandomStream ordering;
  private byte[] epochState;
  private int[] order;
  private int position;

  InstructionStream(
      List<InstructionBatch.Example> examples,
      int length,
      int batchSize,
      int accumulate,
      RandomStream ordering) {
    this.examples = examples;
    this.length = length;
    this.batchSize = Require.atLeast("batch-size", batchSize, 1);
    this.step = Math.multiplyExact(batchSize, Require.atLeast("accumulate", accumulate, 1));
    this.ordering = ordering;
    beginEpoch();
  }

  @Override
  public List<InstructionBatch> next() {
    int size = examples.size();
    if (position == size) {
      beginEpoch();
    }
    int end = Math.min(size, Math.addExact(position, Math.min(step, size)));
    List<InstructionBatch> batches = new ArrayList<>();
    while (position < end) {
      int to = Math.min(end, position + batchSize);
      batches.add(
          InstructionBatch.of(
              Arrays.stream(order, position, to).mapToObj(examples::get).toList(), length));
      position = to;
    }
    return batches;
  }

  /** The state is the generator at the epoch's beginning and the position in it. */
  @Override
  public void save(StateWriter out) {
    out.number("samples", examples.size());
    out.bytes("epoch", epochState);
    out.number("position", position);
  }

  @Override
  public void restore(StateReader in) {
    if (in.number("samples") != examples.size()) {
      throw new CheckpointException(
          "samples: the checkpoint's stream has "
              + in.number("samples")
              + ", this data "
              + examples.size()
              + "; the data is not the one that was trained on");
    }
    long at = in.number("position");
    if (at < 0 || at > examples.size()) {
      throw new CheckpointException(
          "position = " + at + " is not allowed; 0 to " + examples.size());
    }
    ordering.state(in.bytes("epoch"));
    beginEpoch();
    position = (int) at;
  }

  private void beginEpoch() {
    epochState = ordering.state();
    order = ordering.permutation(examples.size());
    position = 0;
  }
}
