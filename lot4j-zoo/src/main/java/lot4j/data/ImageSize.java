package lot4j.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import lot4j.Require;

/** The key {@code task.size}: {@code none}, a side in pixels, or {@code [height, width]}. */
public sealed interface ImageSize {
  /** Largest side: 64 million pixels of an image, as for files. */
  int LARGEST = 8192;

  /** {@code none}, a number, or two. */
  @JsonValue
  Object written();

  /** From {@code none}, a number or a list of two. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ImageSize of(Object written) {
    if (written instanceof Integer side) {
      return new Fixed(side, side);
    }
    if (written instanceof List<?> sides
        && sides.size() == 2
        && sides.stream().allMatch(Integer.class::isInstance)) {
      return new Fixed((Integer) sides.get(0), (Integer) sides.get(1));
    }
    Require.that(
        "none".equals(written), "task.size", written, "none, a side in pixels, or [height, width]");
    return new Own();
  }

  /** The images' own size, which has to be one. */
  record Own() implements ImageSize {
    @Override
    public Object written() {
      return "none";
    }
  }

  /**
   * Every image is brought to this size.
   *
   * @param height in pixels
   * @param width in pixels
   */
  record Fixed(int height, int width) implements ImageSize {
    public Fixed {
      for (int side : new int[] {height, width}) {
        Require.that(side >= 1 && side <= LARGEST, "task.size", side, "sides from 1 to " + LARGEST);
      }
    }

    @Override
    public Object written() {
      return height == width ? (Object) height : List.of(height, width);
    }
  }
}
