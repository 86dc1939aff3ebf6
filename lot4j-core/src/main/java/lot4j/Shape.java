package lot4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of one sample, without the batch axis.
 *
 * @param sizes e.g. [channels, height, width], [features], or [time] of tokens
 * @param tokens whether the sample is whole numbers that name words, not measurements
 */
public record Shape(List<Long> sizes, boolean tokens) {
  public Shape {
    sizes = List.copyOf(sizes);
  }

  /** The shape of measurements. */
  public Shape(List<Long> sizes) {
    this(sizes, false);
  }

  /** A shape from its sizes. */
  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).boxed().toList());
  }

  /**
   * A piece of text, {@code time} tokens long; a batch of them is [time, batch]. Sizes and FLOPs of
   * a network on it are counted for one token.
   */
  public static Shape ofTokens(long time) {
    return new Shape(List.of(time), true);
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
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"))
        + (tokens ? " tokens" : "");
  }
}
