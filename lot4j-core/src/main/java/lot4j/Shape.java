package lot4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of one sample, without the batch axis.
 *
 * @param sizes e.g. [channels, height, width] or [features]
 */
public record Shape(List<Long> sizes) {
  public Shape {
    sizes = List.copyOf(sizes);
  }

  /** A shape from its sizes. */
  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).boxed().toList());
  }

  /** Number of axes. */
  public int rank() {
    return sizes.size();
  }

  /** The size of one axis. */
  public long size(int axis) {
    return sizes.get(axis);
  }

  /** How many numbers one sample has. */
  public long count() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
