package lot4j.task;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import lot4j.data.LabelledImages;
import lot4j.random.Streams;
import lot4j.train.Split;

/**
 * Some images of a set with the labels they are used with, which may differ from the set's.
 *
 * @param images all images
 * @param rows which of them
 * @param labels one for each row, or none
 * @param patches painted over them; usually none
 * @param marked whether they are used with the set's own labels, any number for each
 */
record ImagePart(
    LabelledImages images,
    List<Integer> rows,
    List<Integer> labels,
    Optional<Patches> patches,
    boolean marked) {
  /** Largest over smallest class from which on it is worth a note. */
  private static final int UNEVEN = 3;

  ImagePart {
    rows = List.copyOf(rows);
    labels = List.copyOf(labels);
  }

  /** Images as they are. */
  ImagePart(LabelledImages images, List<Integer> rows, List<Integer> labels) {
    this(images, rows, labels, Optional.empty(), false);
  }

  /** Rows with their own labels. */
  static ImagePart labelled(LabelledImages images, List<Integer> rows) {
    return images.multi()
        ? new ImagePart(images, rows, List.of(), Optional.empty(), true)
        : new ImagePart(images, rows, rows.stream().map(images::label).toList());
  }

  /** Rows without labels. */
  static ImagePart unlabelled(LabelledImages images, List<Integer> rows) {
    return new ImagePart(images, rows, List.of());
  }

  /** Whether the label at a place is not the set's own. */
  boolean isNoisy(int index) {
    return labels.get(index) != images.label(rows.get(index));
  }

  /** Whether any label is not the set's own. */
  boolean isNoisy() {
    return IntStream.range(0, labels.size()).anyMatch(this::isNoisy);
  }

  /** The same with the patches that a shortcut puts on the images of a split. */
  ImagePart planted(Shortcut shortcut, Split split, Streams streams) {
    if (!shortcut.hasPatches()) {
      return this;
    }
    Shortcut.HeldOut how = split == Split.TRAIN ? Shortcut.HeldOut.PLANTED : shortcut.heldOut();
    var stream = streams.named("split.shortcut." + split.key());
    return switch (how) {
      case CLEAN -> this;
      case PLANTED -> with(Patches.telling(shortcut, images, labels, stream));
      case RANDOM -> with(Patches.random(shortcut, images, labels, stream));
    };
  }

  private ImagePart with(Patches painted) {
    return new ImagePart(images, rows, labels, Optional.of(painted), marked);
  }

  /** Whether every image has its labels. */
  boolean labelled() {
    return marked || !labels.isEmpty();
  }

  /** Number of images with each label. */
  long[] counts() {
    long[] counts = new long[images.classes().size()];
    labels.forEach(label -> counts[label]++);
    if (marked) {
      rows.forEach(row -> IntStream.of(images.labelsOf(row)).forEach(label -> counts[label]++));
    }
    return counts;
  }

  /**
   * What is said of classes of very different size.
   *
   * @param weighted whether the loss weights classes already
   */
  Optional<String> imbalance(boolean weighted) {
    long[] counts = counts();
    int most = 0;
    int least = 0;
    for (int c = 1; c < counts.length; c++) {
      most = counts[c] > counts[most] ? c : most;
      least = counts[c] < counts[least] ? c : least;
    }
    if (counts.length < 2 || counts[most] <= UNEVEN * counts[least]) {
      return Optional.empty();
    }
    return Optional.of(
        "the classes are uneven: "
            + counts[most]
            + " training images of '"
            + images.classes().get(most)
            + "', "
            + counts[least]
            + " of '"
            + images.classes().get(least)
            + "'"
            + (weighted
                ? "; task.class-weights is at work"
                : "; task.class-weights: balanced lets them count alike")
            + (marked
                ? "; look at f1 and mean_average_precision beside accuracy"
                : "; look at balanced_accuracy and f1 beside accuracy"));
  }

  int size() {
    return rows.size();
  }
}
