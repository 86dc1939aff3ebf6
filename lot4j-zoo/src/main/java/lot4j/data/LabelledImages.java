package lot4j.data;

import java.util.List;
import lot4j.Require;
import lot4j.Shape;

/**
 * Images of one size with their labels, decoded once and kept as bytes.
 *
 * <p>Image {@code i} stands at {@code i * channels * height * width} of {@link #pixels}: one
 * channel after the other, each row by row, unsigned.
 */
public final class LabelledImages {
  private final Shape shape;
  private final int white;
  private final List<String> classes;
  private final byte[] pixels;
  private final int[] labels;

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
    Require.that(shape.rank() == 3, "images.shape", shape, "channels x height x width");
    Require.that(
        pixels.length % shape.count() == 0, "images.pixels", pixels.length, "whole images");
    Require.that(
        labels.length == 0 || labels.length == pixels.length / shape.count(),
        "images.labels",
        labels.length,
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
    return (int) (pixels.length / shape.count());
  }

  /** Whether every image has a label. */
  public boolean labelled() {
    return labels.length > 0 || size() == 0;
  }

  /** The label of image {@code row}. */
  public int label(int row) {
    return labels[row];
  }

  /** One unsigned pixel value. */
  public int pixel(int row, int channel, int y, int x) {
    int height = (int) shape.size(1);
    int width = (int) shape.size(2);
    int plane = height * width;
    return pixels[row * (int) shape.count() + channel * plane + y * width + x] & 0xff;
  }

  /** The labels, for counting; the caller does not change them. */
  int[] labels() {
    return labels;
  }

  /** The pixels, for reading; the caller does not change them. */
  byte[] pixels() {
    return pixels;
  }
}
