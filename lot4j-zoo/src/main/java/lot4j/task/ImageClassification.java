package lot4j.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import lot4j.Require;
import lot4j.config.WhenAbsent;
import lot4j.data.Augmentation;
import lot4j.data.Channels;
import lot4j.data.DataSet;
import lot4j.data.DataSets;
import lot4j.data.DataStore;
import lot4j.data.Fit;
import lot4j.data.ImageReading;
import lot4j.data.ImageSet;
import lot4j.data.ImageSets;
import lot4j.data.ImageSize;
import lot4j.data.Labelling;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxModel;
import lot4j.onnx.OnnxOutput;
import lot4j.onnx.OnnxTask;
import lot4j.onnx.OnnxValue;
import lot4j.train.DataException;
import lot4j.train.TaskSpec;

/**
 * The {@code task:} section for {@code kind: image}. The parts of the data depend on {@code
 * split-seed} alone, never on a run's seed.
 *
 * <p>Order: the test split is drawn if the data brings none; the validation fraction is taken from
 * the training split; then {@code train-examples} of what is left.
 *
 * @param data a data set's name, or a path
 * @param augment what changes training images each time; default none
 * @param unlabelled the students' inputs; default none, the teacher's own
 * @param validation where the validation split comes from; default a tenth of the training split
 * @param splitSeed seed of every split, and of what is drawn within the training split
 * @param trainExamples images the teacher learns from; default all
 * @param labelNoise fraction of the training labels replaced by another class, 0 or more, below 1
 * @param allowSubset whether a subset of a data set with a name is accepted
 * @param normalize how pixels become numbers; default auto
 * @param subsetSeed seed of {@code train-examples}, label noise and shortcut, for another subset of
 *     the same training split; default the split seed
 * @param shortcut an easy feature planted in the training images; default none
 * @param size what every image is brought to; default none, all have to be of one size
 * @param resize how; default crop
 * @param channels of every image; default auto
 * @param test part drawn as the test split where the data brings none, above 0 and below 1; default
 *     a fifth, of digits 500 images
 * @param group a regular expression; images in whose path below their class its first group finds
 *     the same are never in two of the splits that are drawn
 * @param classWeights how much each class counts in the task's loss; default none
 * @param labels how many an image of a {@code labels.csv} has; default auto
 */
public record ImageClassification(
    String data,
    Augmentation augment,
    Unlabelled unlabelled,
    Validation validation,
    long splitSeed,
    TrainExamples trainExamples,
    double labelNoise,
    boolean allowSubset,
    Normalize normalize,
    SubsetSeed subsetSeed,
    Shortcut shortcut,
    ImageSize size,
    Fit resize,
    Channels channels,
    @WhenAbsent("auto") Optional<Double> test,
    Optional<String> group,
    ClassWeights classWeights,
    Labelling labels)
    implements TaskSpec, OnnxTask {
  private static final double VALIDATION = 0.1;

  /** Components left out of a configuration arrive as null and become their defaults. */
  public ImageClassification {
    Require.that(data != null && !data.isBlank(), "task.data", data, "a data set's name or a path");
    augment = augment == null ? new Augmentation.None() : augment;
    unlabelled = unlabelled == null ? new Unlabelled.None() : unlabelled;
    validation = validation == null ? new Validation.Fraction(VALIDATION) : validation;
    trainExamples = trainExamples == null ? new TrainExamples.All() : trainExamples;
    normalize = normalize == null ? Normalize.Rule.AUTO : normalize;
    subsetSeed = subsetSeed == null ? new SubsetSeed.Same() : subsetSeed;
    shortcut = shortcut == null ? Shortcut.none() : shortcut;
    size = size == null ? new ImageSize.Own() : size;
    resize = resize == null ? Fit.CROP : resize;
    channels = channels == null ? new Channels.Auto() : channels;
    classWeights = classWeights == null ? new ClassWeights.None() : classWeights;
    labels = labels == null ? Labelling.AUTO : labels;
    test.ifPresent(
        part ->
            Require.that(
                part > 0 && part < 1,
                "task.test",
                part,
                "auto, or a fraction above 0 and below 1"));
    group.ifPresent(ImageClassification::requireGroup);
    Require.below("task.label-noise", labelNoise, 0, 1);
    Require.that(
        !(unlabelled instanceof Unlabelled.Rest && trainExamples instanceof TrainExamples.All),
        "task.unlabelled",
        "rest",
        "with train-examples: all nothing is left; a number of train-examples leaves a rest");
  }

  private static void requireGroup(String expression) {
    String what = "none, or a regular expression with a group in brackets";
    try {
      int groups = Pattern.compile(expression).matcher("").groupCount();
      Require.that(groups > 0, "task.group", expression, what);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "task.group = "
              + expression
              + " is not allowed; "
              + what
              + " ("
              + e.getDescription()
              + ")",
          e);
    }
  }

  /** All defaults. */
  public static ImageClassification of(String data) {
    Draft draft = new Draft();
    draft.data = data;
    return draft.made();
  }

  /** The same with other augmentation. */
  public ImageClassification withAugment(Augmentation other) {
    return with(draft -> draft.augment = other);
  }

  /** The same with other students' data. */
  public ImageClassification withUnlabelled(Unlabelled other) {
    return with(draft -> draft.unlabelled = other);
  }

  /** The same with another validation split. */
  public ImageClassification withValidation(Validation other) {
    return with(draft -> draft.validation = other);
  }

  /** The same with other splits. */
  public ImageClassification withSplitSeed(long other) {
    return with(draft -> draft.splitSeed = other);
  }

  /** The same with another number of training images. */
  public ImageClassification withTrainExamples(TrainExamples other) {
    return with(draft -> draft.trainExamples = other);
  }

  /** The same with label noise. */
  public ImageClassification withLabelNoise(double other) {
    return with(draft -> draft.labelNoise = other);
  }

  /** The same with subsets accepted or not. */
  public ImageClassification withAllowSubset(boolean other) {
    return with(draft -> draft.allowSubset = other);
  }

  /** The same with another normalisation. */
  public ImageClassification withNormalize(Normalize other) {
    return with(draft -> draft.normalize = other);
  }

  /** The same with other subsets, noise and patches of the same training split. */
  public ImageClassification withSubsetSeed(long other) {
    return with(draft -> draft.subsetSeed = new SubsetSeed.Own(other));
  }

  /** The same with a planted shortcut. */
  public ImageClassification withShortcut(Shortcut other) {
    return with(draft -> draft.shortcut = other);
  }

  /** The same with all images of one size. */
  public ImageClassification withSize(ImageSize other) {
    return with(draft -> draft.size = other);
  }

  /** The same with another way of resizing. */
  public ImageClassification withResize(Fit other) {
    return with(draft -> draft.resize = other);
  }

  /** The same with other channels. */
  public ImageClassification withChannels(Channels other) {
    return with(draft -> draft.channels = other);
  }

  /** The same with another part drawn as the test split. */
  public ImageClassification withTest(double other) {
    return with(draft -> draft.test = Optional.of(other));
  }

  /** The same with images kept together that the expression finds in one group. */
  public ImageClassification withGroup(String other) {
    return with(draft -> draft.group = Optional.of(other));
  }

  /** The same with weighted classes. */
  public ImageClassification withClassWeights(ClassWeights other) {
    return with(draft -> draft.classWeights = other);
  }

  /** The same with another number of labels an image. */
  public ImageClassification withLabels(Labelling other) {
    return with(draft -> draft.labels = other);
  }

  private ImageClassification with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.made();
  }

  /** The components while some of them change. */
  private static final class Draft {
    private String data;
    private Augmentation augment;
    private Unlabelled unlabelled;
    private Validation validation;
    private long splitSeed;
    private TrainExamples trainExamples;
    private double labelNoise;
    private boolean allowSubset;
    private Normalize normalize;
    private SubsetSeed subsetSeed;
    private Shortcut shortcut;
    private ImageSize size;
    private Fit resize;
    private Channels channels;
    private Optional<Double> test = Optional.empty();
    private Optional<String> group = Optional.empty();
    private ClassWeights classWeights;
    private Labelling labels;

    Draft() {}

    Draft(ImageClassification from) {
      data = from.data;
      augment = from.augment;
      unlabelled = from.unlabelled;
      validation = from.validation;
      splitSeed = from.splitSeed;
      trainExamples = from.trainExamples;
      labelNoise = from.labelNoise;
      allowSubset = from.allowSubset;
      normalize = from.normalize;
      subsetSeed = from.subsetSeed;
      shortcut = from.shortcut;
      size = from.size;
      resize = from.resize;
      channels = from.channels;
      test = from.test;
      group = from.group;
      classWeights = from.classWeights;
      labels = from.labels;
    }

    ImageClassification made() {
      return new ImageClassification(
          data,
          augment,
          unlabelled,
          validation,
          splitSeed,
          trainExamples,
          labelNoise,
          allowSubset,
          normalize,
          subsetSeed,
          shortcut,
          size,
          resize,
          channels,
          test,
          group,
          classWeights,
          labels);
    }
  }

  @Override
  public ImageClassification whole() {
    return withUnlabelled(new Unlabelled.None())
        .withTrainExamples(new TrainExamples.All())
        .withLabelNoise(0)
        .withShortcut(Shortcut.none());
  }

  /** How files become images. */
  ImageReading reading() {
    return new ImageReading(size, resize, channels, group, labels);
  }

  /** Seed of what is drawn within the training split. */
  long drawSeed() {
    return subsetSeed.or(splitSeed);
  }

  @Override
  public PreparedImages prepare(Path dataDirectory, int evalBatchSize) {
    ImageSet set = ImageSets.read(dataDirectory, data, reading());
    if (DataSets.images(data).isPresent() && DataSets.isSubset(set) && !allowSubset) {
      throw new DataException(
          set.sources().get(0).path()
              + ": task.data = "
              + data
              + " is here only as a subset, "
              + DataSets.shownName(set)
              + "; task.allow-subset: true accepts it");
    }
    return PreparedImages.of(this, set, dataDirectory, evalBatchSize);
  }

  /** Where an image may have any number of labels, each has a probability of its own. */
  @Override
  public List<OnnxOutput> onnx(
      OnnxGraph graph, OnnxModel model, Path run, int outputs, double temperature) {
    OnnxValue logits = model.onnx(graph);
    if (!ImagePrediction.read(run.resolve(ImagePrediction.FILE)).multi()) {
      return OnnxOutput.classes(logits, outputs, temperature);
    }
    List<Long> sizes = List.of((long) outputs);
    OnnxValue scaled = temperature == 1 ? logits : logits.dividedBy(temperature);
    return List.of(
        new OnnxOutput("logits", logits, sizes),
        new OnnxOutput("probabilities", scaled.sigmoid(), sizes));
  }

  @Override
  public PreparedImages sketch(Path dataDirectory, int evalBatchSize, Consumer<String> note) {
    Optional<DataSet.Images> known = DataSets.images(data);
    if (known.isEmpty() || known.get().builtIn()) {
      return prepare(dataDirectory, evalBatchSize);
    }
    String why = "not here";
    if (new DataStore(dataDirectory).has(known.get())) {
      ImageSet set = ImageSets.read(dataDirectory, data, reading());
      if (allowSubset || !DataSets.isSubset(set)) {
        return PreparedImages.of(this, set, dataDirectory, evalBatchSize);
      }
      why = "here only as " + DataSets.shownName(set);
    }
    note.accept(
        data
            + " is "
            + why
            + "; planned with the official sizes, "
            + known.get().train()
            + " training and "
            + known.get().test()
            + " test images");
    return PreparedImages.of(
        this, reading().of(ImageSets.standIn(known.get())), dataDirectory, evalBatchSize);
  }
}
