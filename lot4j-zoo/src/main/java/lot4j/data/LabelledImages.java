package lot4j.data;

import java.util.List;
import java.util.stream.IntStream;
import lot4j.Require;
import lot4j.Shape;

/**
 * Images of one size with their labels, decoded once and kept as bytes unless there are too many.
 *
 * <p>An image is one channel after the other, each row by row, unsigned.
 */
public final class LabelledImages {
  private final Shape shape;
  private final int white;
  private final List<String> classes;
  private final Pixels pixels;
  private final int[] labels;
  private final int[] groups;
  private final byte[][] marks;

  /**
   * The arrays are kept, not copied: the caller hands them over.
   *
   * @param shape [channels, height, width] of every image
   * @param white the largest pixel value there can be, which becomes 1.0
   * @param classes names, label {@code n} is the n-th; empty for images without labels
   * @param pixels [image, channels, height, width], unsigned
   * @param labels [image], empty for images without labels
   */
  public LabelledImages(Shape shape, int white, List<String> classes, byte[] pixels, int[] labels) {
    this(shape, white, classes, packed(shape, pixels), labels);
  }

  /** Of images that are kept in any way. */
  LabelledImages(Shape shape, int white, List<String> classes, Pixels pixels, int[] labels) {
    this(shape, white, classes, pixels, labels, new int[0], new byte[0][]);
  }

  private LabelledImages(
      Shape shape,
      int white,
      List<String> classes,
      Pixels pixels,
      int[] labels,
      int[] groups,
      byte[][] marks) {
    Require.that(
        labels.length == 0 || labels.length == pixels.size(),
        "images.labels",
        labels.length,
        "one for each image");
    Require.that(
        groups.length == 0 || groups.length == pixels.size(),
        "images.groups",
        groups.length,
        "one for each image");
    Require.that(
        marks.length == 0 || marks.length == pixels.size(),
        "images.marks",
        marks.length,
        "one for each image");
    for (int label : labels) {
      Require.that(
          label >= 0 && label < classes.size(), "label", label, "0 to " + (classes.size() - 1));
    }
    this.shape = shape;
    this.white = white;
    this.classes = List.copyOf(classes);
    this.pixels = pixels;
    this.labels = labels;
    this.groups = groups;
    this.marks = marks;
  }

  private static Pixels packed(Shape shape, byte[] pixels) {
    Require.that(shape.rank() == 3, "images.shape", shape, "channels x height x width");
    Require.that(
        pixels.length % shape.count() == 0, "images.pixels", pixels.length, "whole images");
    return new Pixels.Packed(pixels, Math.toIntExact(shape.count()));
  }

  /** The same images in another shape; each is made when it is asked for. */
  LabelledImages as(Shape other, ImageReading reading) {
    int channels = Math.toIntExact(other.size(0));
    return new LabelledImages(
        other,
        white,
        classes,
        new Pixels.Formed(pixels, shape, channels, reading),
        labels,
        groups,
        marks);
  }

  /**
   * The same images, of which some belong together.
   *
   * @param numbers [image], the same for images of one group
   */
  LabelledImages grouped(int[] numbers) {
    return new LabelledImages(shape, white, classes, pixels, labels, numbers, marks);
  }

  /**
   * The same images with any number of labels each.
   *
   * @param ones [image, classes], 1 where an image has the label, else 0
   */
  public LabelledImages marked(byte[][] ones) {
    return new LabelledImages(shape, white, classes, pixels, new int[0], groups, ones.clone());
  }

  /**
   * Images with any number of labels, the labels in another order or among others.
   *
   * @param names all labels that there are
   * @throws IllegalArgumentException if a label of these images is not among them
   */
  public LabelledImages among(List<String> names) {
    classes.forEach(name -> Require.that(names.contains(name), "label", name, "one of " + names));
    byte[][] ones = new byte[marks.length][names.size()];
    for (int row = 0; row < ones.length; row++) {
      for (int label : labelsOf(row)) {
        ones[row][names.indexOf(classes.get(label))] = 1;
      }
    }
    return new LabelledImages(shape, white, names, pixels, labels, groups, ones);
  }

  /**
   * The same images with one label each, the classes in another order.
   *
   * @param names the same classes
   */
  public LabelledImages inOrder(List<String> names) {
    int[] places = classes.stream().mapToInt(names::indexOf).toArray();
    int[] renumbered = IntStream.of(labels).map(label -> places[label]).toArray();
    return new LabelledImages(shape, white, names, pixels, renumbered, groups, marks);
  }

  /** [channels, height, width] of every image. */
  public Shape shape() {
    return shape;
  }

  /** The pixel value that becomes 1.0. */
  public int white() {
    return white;
  }

  /** Names of the classes in the order of the labels. */
  public List<String> classes() {
    return classes;
  }

  /** Number of images. */
  public int size() {
    return pixels.size();
  }

  /** Whether they are in memory; else each is decoded anew when it is asked for. */
  public boolean kept() {
    return pixels.kept();
  }

  /** Whether every image has a label. */
  public boolean labelled() {
    return labels.length > 0 || multi() || size() == 0;
  }

  /** Whether every image has any number of labels instead of one. */
  public boolean multi() {
    return marks.length > 0;
  }

  /** Whether image {@code row} of those with any number of labels has this one. */
  public boolean has(int row, int label) {
    return marks[row][label] == 1;
  }

  /** The labels of image {@code row}, one or any number. */
  public int[] labelsOf(int row) {
    return multi()
        ? IntStream.range(0, classes.size()).filter(label -> has(row, label)).toArray()
        : new int[] {labels[row]};
  }

  /** The label of image {@code row}. */
  public int label(int row) {
    return labels[row];
  }

  /** Whether images belong to groups. */
  public boolean grouped() {
    return groups.length > 0;
  }

  /** The number of the group of image {@code row}; of parts of one set the same means the same. */
  public int group(int row) {
    return groups[row];
  }

  /** One unsigned pixel value. */
  public int pixel(int row, int channel, int y, int x) {
    int height = (int) shape.size(1);
    int width = (int) shape.size(2);
    byte[] array = pixels.array(row, new byte[(int) shape.count()]);
    return array[pixels.offset(row) + (channel * height + y) * width + x] & 0xff;
  }

  /** The labels, for counting; the caller does not change them. */
  int[] labels() {
    return labels;
  }

  /** The images' bytes. */
  Pixels pixels() {
    return pixels;
  }
}
