package lot4j.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Learner;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Network;
import lot4j.Shape;
import lot4j.data.Augmentation;
import lot4j.data.DataSets;
import lot4j.data.ImageReading;
import lot4j.data.ImageSet;
import lot4j.data.ImageSets;
import lot4j.data.ImageSize;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.random.Streams;
import lot4j.train.BatchSource;
import lot4j.train.DataException;
import lot4j.train.Pace;
import lot4j.train.Prepared;
import lot4j.train.Primary;
import lot4j.train.Split;
import lot4j.train.Task;

/** Images read, checked and split, ready to train on. */
public final class PreparedImages implements Prepared<ImageBatch> {
  private final String name;
  private final LabelledImages images;
  private final ImageParts parts;
  private final Normalization normalization;
  private final Augmentation augmentation;
  private final ImageTask task;
  private final ImageReading reading;
  private final boolean weighted;

  private PreparedImages(
      String name,
      ImageReading reading,
      LabelledImages images,
      ImageParts parts,
      Normalization normalization,
      Augmentation augmentation,
      Optional<List<Double>> weights,
      int evalBatchSize) {
    this.name = name;
    this.reading = reading;
    this.images = images;
    this.parts = parts;
    this.normalization = normalization;
    this.augmentation = augmentation;
    this.task = new ImageTask(parts.splits(), normalization, evalBatchSize, weights);
    this.weighted = weights.isPresent();
  }

  /** The parts that {@code spec} makes of a set that was read elsewhere. */
  public static PreparedImages of(
      ImageClassification spec, ImageSet read, Path dataDirectory, int evalBatchSize) {
    ImageSet set = spec.test().map(read::drawing).orElse(read);
    ImageParts parts = ImageParts.of(spec, set, dataDirectory);
    return new PreparedImages(
        DataSets.shownName(set),
        spec.reading().like(set.train()),
        set.train(),
        parts,
        normalization(spec.normalize(), set, parts.statistics()),
        spec.augment(),
        spec.classWeights().of(parts.splits().get(Split.TRAIN)),
        evalBatchSize);
  }

  private static Normalization normalization(
      Normalize normalize, ImageSet set, ImagePart statistics) {
    int channels = (int) set.train().shape().size(0);
    if (normalize instanceof Normalize.Given given) {
      if (given.numbers().mean().size() != channels) {
        throw new DataException(
            "task.normalize has "
                + given.numbers().mean().size()
                + " channels, the images of "
                + set.name()
                + " "
                + channels);
      }
      return given.numbers();
    }
    return switch ((Normalize.Rule) normalize) {
      case AUTO ->
          set.name().equals("digits")
              ? Normalization.none(channels)
              : Normalization.of(set.train(), statistics.rows());
      case SCALE -> Normalization.none(channels);
      case TRAIN -> Normalization.of(set.train(), statistics.rows());
      case HALF -> Normalization.half(channels);
    };
  }

  @Override
  public Task<ImageBatch> task() {
    return task;
  }

  @Override
  public Shape input() {
    return images.shape();
  }

  @Override
  public int outputs() {
    return images.classes().size();
  }

  /** Of images with any number of labels, a network whose every output is a question by itself. */
  @Override
  public Model build(ModelSpec model) {
    Model built = Prepared.super.build(model);
    return images.multi() ? new LabelWise(built) : built;
  }

  @Override
  public Network answering(Network saved) {
    return images.multi() ? LabelWise.of(saved) : saved;
  }

  @Override
  public List<String> classes() {
    return images.classes();
  }

  @Override
  public String dataName() {
    return name;
  }

  @Override
  public List<Source> sources() {
    return parts.sources();
  }

  @Override
  public Map<String, byte[]> companions() {
    return Map.of(ImagePrediction.FILE, prediction().file());
  }

  @Override
  public Map<String, Long> counts() {
    return Rows.counts(parts.splits(), parts.student(), ImagePart::size);
  }

  @Override
  public Set<Split> splits() {
    return new TreeSet<>(parts.splits().keySet());
  }

  /** The training split too where some of its labels are wrong: how many of them are learnt? */
  @Override
  public Set<Split> finale() {
    return train().isNoisy() ? Set.of(Split.TRAIN, Split.TEST) : Set.of(Split.TEST);
  }

  @Override
  public Primary primary() {
    return new Primary(images.multi() ? "mean_average_precision" : "accuracy", true);
  }

  @Override
  public Pace taskPace(int batchSize, int accumulate) {
    return pace(train(), batchSize, accumulate);
  }

  @Override
  public Pace studentPace(int batchSize, int accumulate) {
    return pace(student(), batchSize, accumulate);
  }

  @Override
  public BatchSource<ImageBatch> taskStream(
      Learner teacher, int batchSize, int accumulate, Streams streams) {
    return stream(train(), batchSize, accumulate, streams, "task");
  }

  @Override
  public BatchSource<ImageBatch> studentStream(
      Learner teacher,
      BatchSource<ImageBatch> taskStream,
      int batchSize,
      int accumulate,
      Streams streams) {
    return stream(student(), batchSize, accumulate, streams, "student");
  }

  @Override
  public List<String> notes() {
    return parts.notes(weighted);
  }

  /** What is needed to classify further image files. */
  public ImagePrediction prediction() {
    return new ImagePrediction(
        images.classes(),
        images.shape().sizes(),
        normalization,
        reading.size() instanceof ImageSize.Fixed ? Optional.of(reading.fit()) : Optional.empty(),
        images.multi());
  }

  @Override
  public List<Map<String, Double>> scoreOn(
      List<Network> networks, Path dataDirectory, String data) {
    ImageSet other = ImageSets.read(dataDirectory, data, reading);
    LabelledImages found = other.test().orElse(other.train());
    ImageParts.same(data, found, images);
    if (images.multi()) {
      return task.score(networks, ImageParts.everything(ImageParts.among(data, found, images)));
    }
    if (found.classes().size() != images.classes().size()) {
      throw new DataException(
          data
              + ": has "
              + found.classes().size()
              + " classes, the networks "
              + images.classes().size());
    }
    return task.score(
        networks, ImageParts.everything(ImageParts.named(data, found, images.classes())));
  }

  /** The normalisation in force. */
  public Normalization normalization() {
    return normalization;
  }

  /** Nothing outside the Java heap is held. */
  @Override
  public void close() {}

  private ImagePart train() {
    return parts.splits().get(Split.TRAIN);
  }

  private ImagePart student() {
    return parts.student().orElseGet(this::train);
  }

  private static Pace pace(ImagePart part, int batchSize, int accumulate) {
    return Pace.of(part.size(), batchSize, accumulate);
  }

  private BatchSource<ImageBatch> stream(
      ImagePart part, int batchSize, int accumulate, Streams streams, String of) {
    return new ImageStream(
        part,
        normalization,
        augmentation,
        batchSize,
        accumulate,
        streams.named("order." + of),
        streams.named("augment." + of));
  }
}
