package lot4j.model.vision;

import java.util.Map;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The windows of a Swin block: how a grid of tokens is cut, which relative position each pair of
 * tokens has, and which pairs a shift has brought together that are no neighbours.
 *
 * <p>The grid's tokens move up and left by the shift, those of the border come in on the other side
 * (Liu et al. 2021, figure 4); then it is cut without a rest.
 */
final class Windows {
  private static final double APART = -100;

  private final Axis vertical;
  private final Axis horizontal;
  private final long[] places;
  private final Tensor index;
  private final Tensor mask;

  /** One direction: {@code length} tokens in windows of {@code window}, moved by {@code shift}. */
  private record Axis(long length, long window, long shift) {
    static Axis of(long length, int window, boolean shifted) {
      long own = Math.min(length, window);
      return new Axis(length, own, shifted && length > window ? window / 2 : 0);
    }

    long count() {
      return length / window;
    }

    /** Which stretch of the unmoved grid a moved token came from; 0 where all are one. */
    long stretch(long at) {
      return shift == 0 || at < length - window ? 0 : at < length - shift ? 1 : 2;
    }
  }

  private Windows(Axis vertical, Axis horizontal) {
    this.vertical = vertical;
    this.horizontal = horizontal;
    long tokens = tokens();
    places = new long[Math.toIntExact(tokens * tokens)];
    for (int i = 0; i < places.length; i++) {
      long query = i / tokens;
      long key = i % tokens;
      long down = query / horizontal.window() - key / horizontal.window() + vertical.window() - 1;
      long right =
          query % horizontal.window() - key % horizontal.window() + horizontal.window() - 1;
      places[i] = down * (2 * horizontal.window() - 1) + right;
    }
    index = torch.tensor(places);
    mask =
        moved()
            ? torch.tensor(apart()).to(ScalarType.Float).view(count(), 1, tokens, tokens)
            : torch.zeros(1);
  }

  /** The windows of {@code height × width} tokens, none larger than the grid. */
  static Windows of(long height, long width, int window, boolean shifted) {
    return new Windows(Axis.of(height, window, shifted), Axis.of(width, window, shifted));
  }

  /** 0 for pairs that belong together, −100 for others: [windows · tokens · tokens]. */
  private double[] apart() {
    int tokens = Math.toIntExact(tokens());
    double[] values = new double[Math.toIntExact(count() * tokens * tokens)];
    for (int i = 0; i < values.length; i++) {
      int window = i / (tokens * tokens);
      boolean together = from(window, i / tokens % tokens) == from(window, i % tokens);
      values[i] = together ? 0 : APART;
    }
    return values;
  }

  private long from(long window, long token) {
    long row = window / horizontal.count() * vertical.window() + token / horizontal.window();
    long column = window % horizontal.count() * horizontal.window() + token % horizontal.window();
    return vertical.stretch(row) * 3 + horizontal.stretch(column);
  }

  private boolean moved() {
    return vertical.shift() > 0 || horizontal.shift() > 0;
  }

  private long count() {
    return vertical.count() * horizontal.count();
  }

  /** Tokens of a window. */
  long tokens() {
    return vertical.window() * horizontal.window();
  }

  /** Relative positions of two tokens of a window. */
  long places() {
    return (2 * vertical.window() - 1) * (2 * horizontal.window() - 1);
  }

  /** [batch, height, width, channels] to [batch, windows, tokens, channels]. */
  Tensor split(Tensor maps) {
    Tensor moved = moved() ? roll(maps, -vertical.shift(), -horizontal.shift()) : maps;
    return moved
        .unflatten(2, new long[] {horizontal.count(), horizontal.window()})
        .unflatten(1, new long[] {vertical.count(), vertical.window()})
        .transpose(2, 3)
        .flatten(3, 4)
        .flatten(1, 2);
  }

  /** The way back. */
  Tensor join(Tensor windows) {
    Tensor maps =
        windows
            .unflatten(2, new long[] {vertical.window(), horizontal.window()})
            .unflatten(1, new long[] {vertical.count(), horizontal.count()})
            .transpose(2, 3)
            .flatten(3, 4)
            .flatten(1, 2);
    return moved() ? roll(maps, vertical.shift(), horizontal.shift()) : maps;
  }

  private static Tensor roll(Tensor maps, long down, long right) {
    return torch.roll(maps, new long[] {down, right}, 1, 2);
  }

  /**
   * What is added to the scores.
   *
   * @param table [places, heads]
   * @return [windows or 1, heads, tokens, tokens]
   */
  Tensor bias(Tensor table) {
    long tokens = tokens();
    Tensor learned =
        table
            .index_select(0, index.to(table.device(), index.scalar_type()))
            .view(1, tokens, tokens, table.size(1))
            .permute(0, 3, 1, 2);
    return moved() ? learned.add(mask.to(table.device(), table.scalar_type())) : learned;
  }

  /** {@link #split} in a graph. */
  OnnxValue split(OnnxValue maps, long channels) {
    OnnxValue moved =
        maps.rolled(1, vertical.length(), -vertical.shift())
            .rolled(2, horizontal.length(), -horizontal.shift());
    return moved
        .shaped(
            0,
            vertical.count(),
            vertical.window(),
            horizontal.count(),
            horizontal.window(),
            channels)
        .transposed(0, 1, 3, 2, 4, 5)
        .shaped(0, count(), tokens(), channels);
  }

  /** {@link #join} in a graph. */
  OnnxValue join(OnnxValue windows, long channels) {
    return windows
        .shaped(
            0,
            vertical.count(),
            horizontal.count(),
            vertical.window(),
            horizontal.window(),
            channels)
        .transposed(0, 1, 3, 2, 4, 5)
        .shaped(0, vertical.length(), horizontal.length(), channels)
        .rolled(1, vertical.length(), vertical.shift())
        .rolled(2, horizontal.length(), horizontal.shift());
  }

  /** {@link #bias} in a graph. */
  OnnxValue bias(OnnxGraph graph, String table) {
    long tokens = tokens();
    OnnxValue learned =
        graph
            .weight(table)
            .then("Gather", Map.of("axis", 0), graph.whole(places))
            .shaped(1, tokens, tokens, graph.sizes(table)[1])
            .transposed(0, 3, 1, 2);
    return moved() ? learned.plus(graph.constant(apart(), count(), 1, tokens, tokens)) : learned;
  }
}
