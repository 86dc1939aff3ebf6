package lot4j.task;

import java.util.ArrayList;
import java.util.List;
import lot4j.Require;
import lot4j.Shape;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.data.Augmentation;
import lot4j.data.Normalization;
import lot4j.random.RandomStream;
import lot4j.train.BatchSource;

/**
 * Epoch after epoch of a part's images, each in a new random order. A step takes {@code batch-size
 * × accumulate} images, cut into batches of {@code batch-size}; an epoch's last step takes what is
 * left.
 */
final class ImageStream implements BatchSource<ImageBatch> {
  private final ImageFeed feed;
  private final int size;
  private final Shape shape;
  private final Augmentation augmentation;
  private final int batchSize;
  private final int step;
  private final RandomStream ordering;
  private final RandomStream augmenting;
  private byte[] epochState;
  private int[] order;
  private int position;

  ImageStream(
      ImagePart part,
      Normalization normalization,
      Augmentation augmentation,
      int batchSize,
      int accumulate,
      RandomStream ordering,
      RandomStream augmenting) {
    this.feed = new ImageFeed(part, normalization);
    this.size = part.size();
    this.shape = part.images().shape();
    this.augmentation = augmentation;
    this.batchSize = Require.atLeast("batch-size", batchSize, 1);
    this.step = Math.multiplyExact(batchSize, Require.atLeast("accumulate", accumulate, 1));
    this.ordering = ordering;
    this.augmenting = augmenting;
    beginEpoch();
  }

  @Override
  public List<ImageBatch> next() {
    if (position == size) {
      beginEpoch();
    }
    int end = Math.min(size, Math.addExact(position, Math.min(step, size)));
    List<ImageBatch> batches = new ArrayList<>();
    while (position < end) {
      int to = Math.min(end, position + batchSize);
      batches.add(feed.batch(order, position, to, () -> augmentation.draw(shape, augmenting)));
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
    augmenting.save(out.section("augment"));
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
    augmenting.restore(in.section("augment"));
  }

  private void beginEpoch() {
    epochState = ordering.state();
    order = ordering.permutation(size);
    position = 0;
  }
}
