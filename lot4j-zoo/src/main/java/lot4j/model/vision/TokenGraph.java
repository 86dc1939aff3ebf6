package lot4j.model.vision;

import java.util.Optional;
import java.util.stream.LongStream;
import lot4j.onnx.OnnxValue;

/** The pieces that image Transformers share, as nodes of a graph; {@link Tokens} has the layers. */
final class TokenGraph {
  private TokenGraph() {}

  /**
   * Attention of several heads with the linear layers before and behind.
   *
   * @param x [batch…, tokens, width], a norm behind it
   * @param layer where {@code qkv} and {@code proj} lie
   * @param width numbers a token
   * @param axes how many axes x has
   * @param bias added to the scores, matched to [batch…, heads, tokens, tokens]
   * @return [batch…, tokens, width]
   */
  static OnnxValue attend(
      OnnxValue x, String layer, long width, long heads, int axes, Optional<OnnxValue> bias) {
    OnnxValue all = x.projected(layer + ".qkv");
    OnnxValue queries = headed(all, 0, width, heads, axes);
    OnnxValue keys = headed(all, 1, width, heads, axes).transposed(swapped(axes + 1, axes - 1));
    OnnxValue values = headed(all, 2, width, heads, axes);
    OnnxValue scores = queries.dividedBy(Math.sqrt((double) width / heads)).product(keys);
    long[] joined = new long[axes]; // 0: the size of the same axis
    joined[axes - 1] = width;
    return bias.map(scores::plus)
        .orElse(scores)
        .softmax()
        .product(values)
        .transposed(swapped(axes + 1, axes - 2))
        .shaped(joined)
        .projected(layer + ".proj");
  }

  /** Queries, keys or values, [batch…, heads, tokens, width / heads]. */
  private static OnnxValue headed(OnnxValue all, int which, long width, long heads, int axes) {
    long[] split = new long[axes + 1];
    split[axes - 1] = heads;
    split[axes] = width / heads;
    return all.slice(-1, which * width, (which + 1) * width)
        .shaped(split)
        .transposed(swapped(axes + 1, axes - 2));
  }

  /** The order of {@code axes} axes with {@code first} and the next one swapped. */
  private static long[] swapped(int axes, int first) {
    long[] order = LongStream.range(0, axes).toArray();
    order[first] = first + 1L;
    order[first + 1] = first;
    return order;
  }

  /** The second half of a block: x and the feed-forward layer of its norm. */
  static OnnxValue fedForward(OnnxValue x, String block, double epsilon) {
    return x.plus(
        x.layerNorm(block + ".norm2", epsilon)
            .projected(block + ".mlp.fc1")
            .gelu()
            .projected(block + ".mlp.fc2"));
  }
}
