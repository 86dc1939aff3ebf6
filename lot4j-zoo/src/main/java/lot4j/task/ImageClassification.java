package lot4j.task;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import lot4j.Require;
import lot4j.data.Augmentation;
import lot4j.data.DataSet;
import lot4j.data.DataSets;
import lot4j.data.DataStore;
import lot4j.data.ImageSet;
import lot4j.data.ImageSets;
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
    Shortcut shortcut)
    implements TaskSpec {
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
    Require.below("task.label-noise", labelNoise, 0, 1);
    Require.that(
        !(unlabelled instanceof Unlabelled.Rest && trainExamples instanceof TrainExamples.All),
        "task.unlabelled",
        "rest",
        "with train-examples: all nothing is left; a number of train-examples leaves a rest");
  }

  /** All defaults. */
  public static ImageClassification of(String data) {
    return new ImageClassification(data, null, null, null, 0, null, 0, false, null, null, null);
  }

  /** The same with other augmentation. */
  public ImageClassification withAugment(Augmentation other) {
    return new ImageClassification(
        data,
        other,
        unlabelled,
        validation,
        splitSeed,
        trainExamples,
        labelNoise,
        allowSubset,
        normalize,
        subsetSeed,
        shortcut);
  }

  /** The same with other students' data. */
  public ImageClassification withUnlabelled(Unlabelled other) {
    return new ImageClassification(
        data,
        augment,
        other,
        validation,
        splitSeed,
        trainExamples,
        labelNoise,
        allowSubset,
        normalize,
        subsetSeed,
        shortcut);
  }

  /** The same with another validation split. */
  public ImageClassification withValidation(Validation other) {
    return new ImageClassification(
        data,
        augment,
        unlabelled,
        other,
        splitSeed,
        trainExamples,
        labelNoise,
        allowSubset,
        normalize,
        subsetSeed,
        shortcut);
  }

  /** The same with other splits. */
  public ImageClassification withSplitSeed(long other) {
    return new ImageClassification(
        data,
        augment,
        unlabelled,
        validation,
        other,
        trainExamples,
        labelNoise,
        allowSubset,
        normalize,
        subsetSeed,
        shortcut);
  }

  /** The same with another number of training images. */
  public ImageClassification withTrainExamples(TrainExamples other) {
    return new ImageClassification(
        data,
        augment,
        unlabelled,
        validation,
        splitSeed,
        other,
        labelNoise,
        allowSubset,
        normalize,
        subsetSeed,
        shortcut);
  }

  /** The same with label noise. */
  public ImageClassification withLabelNoise(double other) {
    return new ImageClassification(
        data,
        augment,
        unlabelled,
        validation,
        splitSeed,
        trainExamples,
        other,
        allowSubset,
        normalize,
        subsetSeed,
        shortcut);
  }

  /** The same, accepting subsets or not. */
  public ImageClassification withAllowSubset(boolean other) {
    return new ImageClassification(
        data,
        augment,
        unlabelled,
        validation,
        splitSeed,
        trainExamples,
        labelNoise,
        other,
        normalize,
        subsetSeed,
        shortcut);
  }

  /** The same with another normalisation. */
  public ImageClassification withNormalize(Normalize other) {
    return new ImageClassification(
        data,
        augment,
        unlabelled,
        validation,
        splitSeed,
        trainExamples,
        labelNoise,
        allowSubset,
        other,
        subsetSeed,
        shortcut);
  }

  /** The same with other subsets, noise and patches of the same training split. */
  public ImageClassification withSubsetSeed(long other) {
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
        new SubsetSeed.Own(other),
        shortcut);
  }

  /** The same with a planted shortcut. */
  public ImageClassification withShortcut(Shortcut other) {
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
        other);
  }

  @Override
  public ImageClassification whole() {
    return withUnlabelled(new Unlabelled.None())
        .withTrainExamples(new TrainExamples.All())
        .withLabelNoise(0)
        .withShortcut(Shortcut.none());
  }

  /** Seed of what is drawn within the training split. */
  long drawSeed() {
    return subsetSeed instanceof SubsetSeed.Own own ? own.seed() : splitSeed;
  }

  @Override
  public PreparedImages prepare(Path dataDirectory, int evalBatchSize) {
    ImageSet set = ImageSets.read(dataDirectory, data);
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

  @Override
  public PreparedImages sketch(Path dataDirectory, int evalBatchSize, Consumer<String> note) {
    Optional<DataSet.Images> known = DataSets.images(data);
    if (known.isEmpty() || known.get().downloads().isEmpty()) {
      return prepare(dataDirectory, evalBatchSize);
    }
    String why = "not here";
    if (new DataStore(dataDirectory).has(known.get())) {
      ImageSet set = ImageSets.read(dataDirectory, data);
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
    return PreparedImages.of(this, ImageSets.standIn(known.get()), dataDirectory, evalBatchSize);
  }
}
