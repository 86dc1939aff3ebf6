package lot4j.task;

import java.util.Arrays;
import java.util.List;
import lot4j.Shape;
import lot4j.data.LabelledImages;
import lot4j.data.Normalization;
import lot4j.random.RandomStream;
import lot4j.train.DataException;

/**
 * The patches of a {@link Shortcut} on the images of a part.
 *
 * @param shortcut where and how they are painted
 * @param says the class that each image's patch stands for, one for each image
 */
record Patches(Shortcut shortcut, List<Integer> says) {
  Patches {
    says = List.copyOf(says);
  }

  /** Patches that say the label with the shortcut's probability, else another class. */
  static Patches telling(
      Shortcut shortcut, LabelledImages images, List<Integer> labels, RandomStream stream) {
    int classes = images.classes().size();
    requireRoom(shortcut, images);
    return new Patches(
        shortcut,
        labels.stream()
            .map(
                label -> {
                  // Both are drawn for every image: the second does not depend on the first.
                  boolean honest = stream.uniform() < shortcut.probability();
                  int other = stream.below(Math.max(1, classes - 1));
                  return honest ? label : Integer.valueOf(other < label ? other : other + 1);
                })
            .toList());
  }

  /** Patches that say a class drawn evenly. */
  static Patches random(
      Shortcut shortcut, LabelledImages images, List<Integer> labels, RandomStream stream) {
    requireRoom(shortcut, images);
    int classes = images.classes().size();
    return new Patches(shortcut, labels.stream().map(label -> stream.below(classes)).toList());
  }

  private static void requireRoom(Shortcut shortcut, LabelledImages images) {
    Shape shape = images.shape();
    long cells = (shape.size(1) / shortcut.size()) * (shape.size(2) / shortcut.size());
    if (cells < images.classes().size() || images.classes().size() < 2) {
      throw new DataException(
          "task.shortcut.size = "
              + shortcut.size()
              + " is not allowed; images of "
              + shape.size(1)
              + " x "
              + shape.size(2)
              + " have room for "
              + cells
              + " patches, and there are "
              + images.classes().size()
              + " classes");
    }
  }

  /**
   * Paints the patch of one image over its numbers.
   *
   * @param index of the image in its part
   * @param shape [channels, height, width]
   * @param classes number of classes
   * @param into the image's numbers from {@code offset} on, normalised
   */
  void paint(
      int index, Shape shape, int classes, Normalization normalization, float[] into, int offset) {
    int channels = (int) shape.size(0);
    int height = (int) shape.size(1);
    int width = (int) shape.size(2);
    int side = shortcut.size();
    int cell = says.get(index);
    int top = cell / (width / side) * side;
    int left = cell % (width / side) * side;
    for (int c = 0; c < channels; c++) {
      float value =
          (float)
              ((brightness(cell, c, channels, classes) - normalization.mean().get(c))
                  / normalization.std().get(c));
      for (int y = top; y < top + side; y++) {
        int line = offset + (c * height + y) * width;
        Arrays.fill(into, line + left, line + left + side, value);
      }
    }
  }

  /** How bright a channel of a class's patch is, 0 to 1. */
  static double brightness(int cell, int channel, int channels, int classes) {
    if (channels == 1) {
      return 1;
    }
    int base = 2;
    while (Math.pow(base, channels) < classes + 1) {
      base++;
    }
    int rest = cell + 1;
    for (int c = channels - 1; c > channel; c--) {
      rest /= base;
    }
    return rest % base / (base - 1.0);
  }
}
