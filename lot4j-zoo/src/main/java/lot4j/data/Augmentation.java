package lot4j.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import lot4j.Require;
import lot4j.Shape;
import lot4j.random.RandomStream;

/**
 * How a training image is changed each time it is seen. In a configuration: a name ({@code none},
 * {@code crop-flip}, {@code crop-flip-cutout}), or the name as {@code kind} with its sizes: {@code
 * {kind: crop-flip, padding: 4}}.
 */
public sealed interface Augmentation {
  /** Draws what happens to one image; the same numbers are drawn whatever the image shows. */
  View draw(Shape image, RandomStream stream);

  /** As a configuration has it: a name, or a name with sizes. */
  @JsonValue
  Object written();

  /** A crop of the padded image, mirrored half the time: the usual one for small photographs. */
  static Augmentation cropFlip() {
    return of("crop-flip");
  }

  /**
   * From a name or from a map with {@code kind}.
   *
   * @throws IllegalArgumentException naming what is not allowed
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Augmentation of(Object written) {
    Map<?, ?> map = written instanceof Map<?, ?> m ? m : Map.of("kind", written);
    String kind = String.valueOf(map.get("kind"));
    return switch (kind) {
      case "none" -> {
        only(map, Set.of());
        yield new None();
      }
      case "crop-flip" -> {
        only(map, Set.of("padding"));
        yield new CropFlip(number(map, "padding", CropFlip.PADDING));
      }
      case "crop-flip-cutout" -> {
        only(map, Set.of("padding", "size"));
        yield new CropFlipCutout(
            number(map, "padding", CropFlip.PADDING), number(map, "size", CropFlipCutout.HALF));
      }
      default ->
          throw new IllegalArgumentException(
              "task.augment = " + kind + " is not allowed; none, crop-flip or crop-flip-cutout");
    };
  }

  private static void only(Map<?, ?> map, Set<String> allowed) {
    for (Object key : map.keySet()) {
      Require.that(
          key.equals("kind") || allowed.contains(key),
          "task.augment",
          key,
          allowed.isEmpty() ? "kind alone" : "kind and " + allowed.stream().sorted().toList());
    }
  }

  private static int number(Map<?, ?> map, String key, int otherwise) {
    Object value = map.containsKey(key) ? map.get(key) : (Object) otherwise;
    Require.that(value instanceof Integer, "task.augment." + key, value, "a whole number");
    return (Integer) value;
  }

  /** Images as they are. */
  record None() implements Augmentation {
    @Override
    public View draw(Shape image, RandomStream stream) {
      return View.PLAIN;
    }

    @Override
    public Object written() {
      return "none";
    }
  }

  /**
   * A crop of the image's own size out of the image with a black border (black before normalising,
   * as torchvision's {@code RandomCrop} pads), then a horizontal flip with probability ½.
   *
   * @param padding width of the border in pixels, 0 or more
   */
  record CropFlip(int padding) implements Augmentation {
    static final int PADDING = 4;

    public CropFlip {
      Require.atLeast("task.augment.padding", padding, 0);
    }

    @Override
    public View draw(Shape image, RandomStream stream) {
      int down = stream.below(2 * padding + 1) - padding;
      int right = stream.below(2 * padding + 1) - padding;
      boolean flip = stream.uniform() < 0.5;
      return new View(down, right, flip, 0, 0, 0, 0);
    }

    @Override
    public Object written() {
      return padding == PADDING ? "crop-flip" : Map.of("kind", "crop-flip", "padding", padding);
    }
  }

  /**
   * {@link CropFlip}, then a square of zeros in the normalised image; its centre is uniform over
   * the image, so that part of it may lie outside.
   *
   * <p>Source: T. DeVries and G. Taylor, "Improved Regularization of Convolutional Neural Networks
   * with Cutout", 2017 (16 for CIFAR-10, 8 for CIFAR-100).
   *
   * @param padding as for {@link CropFlip}
   * @param size side of the square in pixels; 0 means half the image's height
   */
  record CropFlipCutout(int padding, int size) implements Augmentation {
    static final int HALF = 0;

    public CropFlipCutout {
      Require.atLeast("task.augment.padding", padding, 0);
      Require.atLeast("task.augment.size", size, 0);
    }

    @Override
    public View draw(Shape image, RandomStream stream) {
      View view = new CropFlip(padding).draw(image, stream);
      int height = Math.toIntExact(image.size(1));
      int width = Math.toIntExact(image.size(2));
      int side = size == HALF ? height / 2 : size;
      int top = stream.below(height) - side / 2;
      int left = stream.below(width) - side / 2;
      return new View(
          view.down(),
          view.right(),
          view.flip(),
          Math.max(0, top),
          Math.max(0, left),
          Math.min(height, top + side),
          Math.min(width, left + side));
    }

    @Override
    public Object written() {
      if (padding == CropFlip.PADDING && size == HALF) {
        return "crop-flip-cutout";
      }
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("kind", "crop-flip-cutout");
      map.put("padding", padding);
      map.put("size", size);
      return map;
    }
  }

  /**
   * One image's change: pixel (y, x) of the result shows pixel (y + down, x' + right) of the image
   * (black outside), x' being width − 1 − x if flipped, else x; the rectangle [top, bottom) ×
   * [left, edge) of the result is zero after normalising.
   */
  record View(int down, int right, boolean flip, int top, int left, int bottom, int edge) {
    /** No change. */
    public static final View PLAIN = new View(0, 0, false, 0, 0, 0, 0);
  }
}
