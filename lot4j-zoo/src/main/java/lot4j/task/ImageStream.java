package lot4j.task;

import java.util.List;
import lot4j.Shape;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.data.Augmentation;
import lot4j.data.Normalization;
import lot4j.random.RandomStream;
import lot4j.train.BatchSource;

/** Epoch after epoch of a part's images, each changed anew as the augmentation draws. */
final class ImageStream implements BatchSource<ImageBatch> {
  private final EpochStream<ImageBatch> epochs;
  private final RandomStream augmenting;

  ImageStream(
      ImagePart part,
      Normalization normalization,
      Augmentation augmentation,
      int batchSize,
      int accumulate,
      RandomStream ordering,
      RandomStream augmenting) {
    ImageFeed feed = new ImageFeed(part, normalization);
    Shape shape = part.images().shape();
    this.augmenting = augmenting;
    this.epochs =
        new EpochStream<>(
            part.size(),
            batchSize,
            accumulate,
            ordering,
            (order, from, to) ->
                feed.batch(order, from, to, () -> augmentation.draw(shape, augmenting)));
  }

  @Override
  public List<ImageBatch> next() {
    return epochs.next();
  }

  @Override
  public void save(StateWriter out) {
    epochs.save(out);
    augmenting.save(out.section("augment"));
  }

  @Override
  public void restore(StateReader in) {
    epochs.restore(in);
    augmenting.restore(in.section("augment"));
  }
}
