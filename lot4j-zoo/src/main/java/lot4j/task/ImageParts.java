package lot4j.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import lot4j.data.DataSets;
import lot4j.data.GroupedDraw;
import lot4j.data.ImageFolder;
import lot4j.data.ImageReading;
import lot4j.data.ImageSet;
import lot4j.data.ImageSets;
import lot4j.data.LabelledImages;
import lot4j.data.Stratified;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.train.DataException;
import lot4j.train.Prepared.Source;
import lot4j.train.Split;

/**
 * The parts that a configuration makes of a set.
 *
 * @param splits what is trained on, validated and tested on
 * @param student what the students learn from, if it is not the training part
 * @param statistics the whole training split, whose mean and deviation normalise
 * @param sources the files that were read
 */
record ImageParts(
    Map<Split, ImagePart> splits,
    Optional<ImagePart> student,
    ImagePart statistics,
    List<Source> sources) {

  static ImageParts of(ImageClassification spec, ImageSet set, Path dataDirectory) {
    Streams streams = new Streams(spec.splitSeed());
    Streams draws = new Streams(spec.drawSeed());
    List<Source> sources = new ArrayList<>(set.sources());
    LabelledImages images = set.train();
    if (images.multi()) {
      requireNoSingle(spec, set.name());
    }
    Map<Split, ImagePart> splits = new EnumMap<>(Split.class);
    List<Integer> rows = all(images);
    if (set.test().isPresent()) {
      splits.put(Split.TEST, everything(set.test().get()));
    } else {
      Stratified drawn =
          draw(images, rows, set.drawnTest(), streams.named("split.test"), "task.test");
      splits.put(Split.TEST, ImagePart.labelled(images, drawn.chosen()));
      rows = drawn.rest();
    }
    ImagePart statistics = ImagePart.labelled(images, rows);

    if (spec.validation() instanceof Validation.At at) {
      splits.put(Split.VALID, elsewhere(at, spec.reading().like(images), images, sources));
    } else if (spec.validation() instanceof Validation.Fraction fraction) {
      if (set.valid().isPresent()) {
        splits.put(Split.VALID, everything(set.valid().get()));
      } else {
        Stratified drawn = validation(fraction, images, rows, streams.named("split.valid"));
        splits.put(Split.VALID, ImagePart.labelled(images, drawn.chosen()));
        rows = drawn.rest();
      }
    }

    List<Integer> rest = List.of();
    if (spec.trainExamples() instanceof TrainExamples.Number number) {
      Stratified drawn = examples(number.count(), images, rows, draws.named("split.train"));
      rows = drawn.chosen();
      rest = drawn.rest();
    }
    splits.put(
        Split.TRAIN, noisy(images, rows, spec.labelNoise(), draws.named("split.label-noise")));
    splits.replaceAll((split, part) -> part.planted(spec.shortcut(), split, draws));
    return new ImageParts(
        splits, student(spec, images, rest, dataDirectory, sources), statistics, sources);
  }

  /**
   * What a user should know before training.
   *
   * @param weighted whether the loss weights classes already
   */
  List<String> notes(boolean weighted) {
    List<String> notes = new ArrayList<>();
    if (!statistics.images().kept()) {
      notes.add("the images take more memory than there is: each is decoded when it is needed");
    }
    straddling().ifPresent(notes::add);
    splits.get(Split.TRAIN).imbalance(weighted).ifPresent(notes::add);
    return notes;
  }

  /** Splits that the data brings may tear groups apart. */
  private Optional<String> straddling() {
    ImagePart train = splits.get(Split.TRAIN);
    if (!train.images().grouped()) {
      return Optional.empty();
    }
    Set<Integer> trained = new HashSet<>();
    train.rows().forEach(row -> trained.add(train.images().group(row)));
    List<String> torn = new ArrayList<>();
    splits.forEach(
        (split, part) -> {
          if (split != Split.TRAIN && part.images().grouped()) {
            long both =
                part.rows().stream()
                    .map(part.images()::group)
                    .distinct()
                    .filter(trained::contains)
                    .count();
            if (both > 0) {
              torn.add(both + " groups of the training images are also in " + split.key());
            }
          }
        });
    return torn.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "task.group: the data's own splits tear groups apart: " + String.join("; ", torn));
  }

  /** What is made of an image's one label has no meaning where there are any number. */
  private static void requireNoSingle(ImageClassification spec, String name) {
    if (spec.labelNoise() > 0) {
      throw new DataException(
          name
              + ": task.label-noise = "
              + spec.labelNoise()
              + " is not allowed with several labels");
    }
    if (spec.shortcut().hasPatches()) {
      throw new DataException(name + ": task.shortcut is not allowed with several labels");
    }
  }

  private static Stratified validation(
      Validation.Fraction fraction,
      LabelledImages images,
      List<Integer> rows,
      RandomStream stream) {
    int count = (int) Math.max(1, Math.round(fraction.part() * rows.size()));
    return draw(images, rows, count, stream, "task.validation");
  }

  /** A split in the classes' proportions, of whole groups if there are groups. */
  private static Stratified draw(
      LabelledImages images, List<Integer> rows, int count, RandomStream stream, String key) {
    if (count >= rows.size()) {
      throw new DataException(
          key + ": " + count + " images of " + rows.size() + " leave no training images");
    }
    if (images.multi() && !images.grouped()) {
      return GroupedDraw.of(rows, row -> row, images::labelsOf, count, stream);
    }
    if (!images.grouped()) {
      return Stratified.proportional(rows, images::label, count, stream);
    }
    if (rows.stream().mapToInt(images::group).distinct().count() < 2) {
      throw new DataException(
          key
              + ": task.group puts all "
              + rows.size()
              + " images into one group; two or more are needed to draw from");
    }
    return GroupedDraw.of(rows, images::group, images::labelsOf, count, stream);
  }

  private static Stratified examples(
      int count, LabelledImages images, List<Integer> rows, RandomStream stream) {
    if (images.multi() && count <= rows.size()) {
      return Stratified.proportional(rows, row -> 0, count, stream); // evenly, whatever the labels
    }
    if (count > rows.size() || count < images.classes().size()) {
      throw new DataException(
          "task.train-examples = "
              + count
              + " is not allowed; from "
              + images.classes().size()
              + ", one a class, to "
              + rows.size()
              + ", what is left of the training split");
    }
    return Stratified.balanced(rows, images::label, count, stream);
  }

  private static ImagePart noisy(
      LabelledImages images, List<Integer> rows, double noise, RandomStream stream) {
    if (images.multi()) {
      return ImagePart.labelled(images, rows);
    }
    int classes = images.classes().size();
    int[] labels = rows.stream().mapToInt(images::label).toArray();
    int[] order = stream.permutation(labels.length);
    int changed = (int) Math.round(noise * labels.length);
    for (int i = 0; i < changed; i++) {
      int other = stream.below(classes - 1);
      labels[order[i]] = other < labels[order[i]] ? other : other + 1;
    }
    return new ImagePart(images, rows, IntStream.of(labels).boxed().toList());
  }

  private static Optional<ImagePart> student(
      ImageClassification spec,
      LabelledImages images,
      List<Integer> rest,
      Path dataDirectory,
      List<Source> sources) {
    if (spec.unlabelled() instanceof Unlabelled.Rest) {
      if (rest.isEmpty()) {
        throw new DataException(
            "task.unlabelled = rest: task.train-examples leaves no training images");
      }
      return Optional.of(ImagePart.unlabelled(images, rest));
    }
    if (spec.unlabelled() instanceof Unlabelled.From from) {
      ImageReading reading = spec.reading().like(images);
      ImageSet other = inputs(from.data(), dataDirectory, reading);
      sources.addAll(other.sources());
      same(from.data(), other.train(), images);
      return Optional.of(ImagePart.unlabelled(other.train(), all(other.train())));
    }
    return Optional.empty();
  }

  /** Training images of a set with a name or of CIFAR or IDX files; every image of a folder. */
  private static ImageSet inputs(String data, Path dataDirectory, ImageReading reading) {
    if (DataSets.named(data).isPresent() || ImageSets.isBinary(ImageSets.path(data))) {
      return ImageSets.read(dataDirectory, data, reading);
    }
    return ImageFolder.readUnlabelled(ImageSets.path(data), reading);
  }

  private static ImagePart elsewhere(
      Validation.At at, ImageReading reading, LabelledImages images, List<Source> sources) {
    ImageSet other = ImageSets.read(Path.of(""), ImageSets.path(at.path()).toString(), reading);
    if (other.valid().isEmpty() && other.test().isPresent()) {
      throw new DataException(
          at.path() + ": has no validation split; a folder 'valid', or class folders alone");
    }
    LabelledImages valid = other.valid().orElse(other.train());
    same(at.path(), valid, images);
    if (images.multi()) {
      sources.addAll(other.sources());
      return everything(among(at.path(), valid, images));
    }
    if (!valid.classes().equals(images.classes())) {
      throw new DataException(
          at.path()
              + ": has the classes "
              + valid.classes()
              + ", the training split "
              + images.classes());
    }
    sources.addAll(other.sources());
    return everything(valid);
  }

  static void same(String name, LabelledImages found, LabelledImages needed) {
    if (!found.shape().equals(needed.shape())) {
      throw new DataException(
          name + ": images are " + found.shape() + ", the training images " + needed.shape());
    }
  }

  /**
   * As many classes in the order of those trained on. They go by their names unless one side has
   * only numbers for them.
   *
   * @throws DataException if they are called otherwise
   */
  static LabelledImages named(String name, LabelledImages found, List<String> trained) {
    if (found.classes().equals(trained) || numbered(found.classes()) || numbered(trained)) {
      return found;
    }
    if (!Set.copyOf(trained).equals(Set.copyOf(found.classes()))) {
      throw new DataException(
          name + ": has the classes " + found.classes() + ", the networks " + trained);
    }
    return found.inOrder(trained);
  }

  private static boolean numbered(List<String> classes) {
    return IntStream.range(0, classes.size())
        .allMatch(i -> classes.get(i).equals(Integer.toString(i)));
  }

  /** Other images' labels in the order of those trained on; some may occur in none of them. */
  static LabelledImages among(String name, LabelledImages found, LabelledImages trained) {
    try {
      return found.among(trained.classes());
    } catch (IllegalArgumentException e) {
      throw new DataException(name + ": " + e.getMessage(), e);
    }
  }

  static ImagePart everything(LabelledImages images) {
    return ImagePart.labelled(images, all(images));
  }

  private static List<Integer> all(LabelledImages images) {
    return IntStream.range(0, images.size()).boxed().toList();
  }
}
