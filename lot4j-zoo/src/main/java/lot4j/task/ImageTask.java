package lot4j.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lot4j.Exercise;
import lot4j.Network;
import lot4j.Output;
import lot4j.data.Augmentation.View;
import lot4j.data.Normalization;
import lot4j.train.Split;
import lot4j.train.Task;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Image classification: cross-entropy to learn from, loss and accuracy to be scored by. Images with
 * any number of labels are as many questions of yes and no: logits [batch, labels, 2].
 */
public final class ImageTask implements Task<ImageBatch> {
  private final Map<Split, ImagePart> parts;
  private final Normalization normalization;
  private final int evalBatchSize;
  private final ClassLoss loss;

  ImageTask(Map<Split, ImagePart> parts, Normalization normalization, int evalBatchSize) {
    this(parts, normalization, evalBatchSize, Optional.empty());
  }

  /**
   * A task whose loss weights classes.
   *
   * @param weights one for each class; of images with any number of labels two for each label, of
   *     no and yes
   */
  ImageTask(
      Map<Split, ImagePart> parts,
      Normalization normalization,
      int evalBatchSize,
      Optional<List<Double>> weights) {
    this.parts = Map.copyOf(parts);
    this.normalization = normalization;
    this.evalBatchSize = evalBatchSize;
    this.loss = new ClassLoss(weights);
  }

  /** The task for batches of one's own: it has a loss, but no splits to score. */
  public static ImageTask withoutSplits() {
    return new ImageTask(Map.of(), Normalization.none(1), 1);
  }

  @Override
  public Exercise exercise(ImageBatch batch) {
    return batch
        .labels()
        .map(labels -> Exercise.of(batch.images(), output -> loss(output, labels)))
        .orElseGet(() -> Exercise.of(batch.images()));
  }

  @Override
  public Tensor loss(Output output, ImageBatch batch) {
    return loss(output, labels(batch));
  }

  @Override
  public Optional<Tensor> classes(ImageBatch batch) {
    return batch.labels();
  }

  @Override
  public long samples(ImageBatch batch) {
    return batch.size();
  }

  @Override
  public Map<String, Tensor> observe(Output output, ImageBatch batch) {
    if (batch.labels().isEmpty()) {
      return Map.of();
    }
    Tensor logits = output.logits().detach();
    Tensor labels = Rows.fitting(logits, labels(batch), ScalarType.Long);
    return Map.of("accuracy", hits(logits, labels).to(ScalarType.Float).mean());
  }

  @Override
  public Exercise part(Exercise exercise, double fraction) {
    return Rows.part(exercise, fraction);
  }

  @Override
  public Output part(Output output, double fraction) {
    return Rows.part(output, fraction);
  }

  @Override
  public boolean scoresBatches() {
    return true;
  }

  @Override
  public List<Map<String, Double>> score(List<Network> networks, Split split) {
    return score(networks, Rows.of(parts, split));
  }

  /** The same on any labelled images. */
  List<Map<String, Double>> score(List<Network> networks, ImagePart part) {
    return examine(networks, part).stream().map(Examined::metrics).toList();
  }

  @Override
  public List<Examined> examine(List<Network> networks, Split split) {
    return examine(networks, Rows.of(parts, split));
  }

  private List<Examined> examine(List<Network> networks, ImagePart part) {
    ImageFeed feed = new ImageFeed(part, normalization);
    int[] order = IntStream.range(0, part.size()).toArray();
    return Examination.of(
        networks,
        (from, to) -> {
          ImageBatch batch = feed.batch(order, from, to, () -> View.PLAIN);
          return new Examination.Questions(batch.images(), labels(batch));
        },
        part.size(),
        evalBatchSize,
        () -> score(part));
  }

  private static PartScore score(ImagePart part) {
    return part.marked()
        ? new LabelScore(part)
        : new ClassScore(
            part.size(), part.images().classes().size(), part.labels()::get, part::isNoisy);
  }

  private Tensor loss(Output output, Tensor labels) {
    Tensor logits = output.logits();
    return loss.of(logits, Rows.fitting(logits, labels, ScalarType.Long));
  }

  private static Tensor hits(Tensor logits, Tensor labels) {
    return logits.argmax(new LongOptional(-1), false).eq(labels);
  }

  private static Tensor labels(ImageBatch batch) {
    return batch
        .labels()
        .orElseThrow(
            () -> new IllegalStateException("batch: has no labels; a task loss needs them"));
  }
}
