package lot4j.model.language;

import lot4j.Census;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One layer of a Transformer-XL: attention by content and distance, then two linear layers for each
 * position, each with a residual connection and a norm after it.
 *
 * <p>The score of query i and key j is ((q + u)·k + (q + v)·r) / √headWidth with r the projected
 * sinusoid of their distance. In memory heads come first, then texts: so the products with r, which
 * all texts share, are one large product a head.
 */
final class RelativeLayer extends Module {
  private static final double DEVIATION = 0.02;

  private final TransformerXl spec;
  private final Tensor queriesKeysValues;
  private final Tensor output;
  private final Tensor distances;
  private final Norm attentionNorm;
  private final Tensor up;
  private final TensorOptional upBias;
  private final Tensor down;
  private final TensorOptional downBias;
  private final Norm innerNorm;
  private final double dropout;
  private final double attentionDropout;

  RelativeLayer(TransformerXl spec) {
    super("RelPartialLearnableDecoderLayer");
    this.spec = spec;
    long width = spec.width();
    long all = spec.headsWidth();
    Module attention = register_module("dec_attn", new Module("Attention"));
    queriesKeysValues = matrix(attention, "qkv_net", 3 * all, width);
    output = matrix(attention, "o_net", width, all);
    attentionNorm = new Norm(attention, width);
    distances = matrix(attention, "r_net", all, width);
    Module feed = register_module("pos_ff", new Module("PositionwiseFF"));
    Module core = feed.register_module("CoreNet", new Module("Sequential"));
    Module first = core.register_module("0", new Module("Linear"));
    up = Drawn.normal(first, "weight", 0, DEVIATION, spec.inner(), width);
    upBias = new TensorOptional(Drawn.normal(first, "bias", 0, 0, spec.inner()));
    Module second = core.register_module("3", new Module("Linear"));
    down = Drawn.normal(second, "weight", 0, DEVIATION, width, spec.inner());
    downBias = new TensorOptional(Drawn.normal(second, "bias", 0, 0, width));
    innerNorm = new Norm(feed, width);
    dropout = spec.dropout();
    attentionDropout = spec.attentionDropout();
  }

  /** Parameters and, with {@code keys} keys for each piece of {@code time}, work of a piece. */
  static Census census(TransformerXl spec, long time, long keys) {
    long width = spec.width();
    long all = spec.headsWidth();
    long inner = spec.inner();
    long square = Census.product(width, all);
    Census feed = Census.linear(width, inner, true).plus(Census.linear(inner, width, true));
    return new Census(Census.product(5, square), Census.product(square, 2 * time + 3 * keys))
        .plus(new Census(4 * width, Census.product(3, time, keys, all)))
        .plus(new Census(feed.parameters(), Census.product(time, feed.macs())));
  }

  /**
   * The layer's output, [time, batch, width].
   *
   * @param x the layer's input, [time, batch, width]
   * @param remembered the same layer's earlier inputs, [memory, batch, width], memory 0 or more
   * @param positions sinusoids of the distances memory + time to 0, [memory + time + 1, width]
   * @param shared what all layers use
   */
  Tensor forward(Tensor x, Tensor remembered, Tensor positions, Shared shared) {
    Tensor attended = drop(attend(x, remembered, positions, shared), dropout);
    Tensor middle = attentionNorm.of(x.add(attended));
    Tensor hidden = torch.linear(middle, up, upBias);
    hidden.relu_();
    hidden = drop(hidden, dropout);
    Tensor fed = drop(torch.linear(hidden, down, downBias), dropout);
    return innerNorm.of(middle.add(fed));
  }

  /**
   * What all layers use.
   *
   * @param contentBias u / √headWidth, [heads, 1, 1, headWidth]
   * @param distanceBias v / √headWidth, [heads, 1, 1, headWidth]
   * @param scale 1 / √headWidth
   * @param future which keys of the piece come after a query, [time, time]
   */
  record Shared(Tensor contentBias, Tensor distanceBias, Scalar scale, Tensor future) {}

  private Tensor attend(Tensor x, Tensor remembered, Tensor positions, Shared shared) {
    long heads = spec.heads();
    long size = spec.headWidth();
    long all = spec.headsWidth();
    long time = x.size(0);
    long batch = x.size(1);
    long earlier = remembered.size(0);
    long keys = earlier + time;
    Tensor whole = earlier == 0 ? x : torch.cat(new TensorVector(remembered, x), 0);

    Tensor queries =
        torch
            .linear(x, queriesKeysValues.narrow(0, 0, all))
            .view(time, batch, heads, size)
            .permute(2, 1, 0, 3)
            .contiguous()
            .mul(shared.scale());
    Tensor keysValues =
        torch
            .linear(whole, queriesKeysValues.narrow(0, all, 2 * all))
            .view(keys, batch, 2, heads, size)
            .permute(2, 3, 1, 0, 4)
            .contiguous()
            .view(2, heads * batch, keys, size);
    Tensor distance =
        torch.linear(positions, distances).view(keys + 1, heads, size).permute(1, 2, 0);

    Tensor byDistance = queries.add(shared.distanceBias()).view(heads, batch * time, size);
    Tensor scores =
        torch.bmm(
            queries.add(shared.contentBias()).view(heads * batch, time, size),
            keysValues.select(0, 0).transpose(1, 2));
    scores.add_(shifted(torch.bmm(byDistance, distance).view(heads * batch, time, keys + 1)));
    // Nobody needs the scores for a gradient, and the softmax's is 0 where its output is: so the
    // mask may be put in place, unseen by autograd.
    scores
        .detach()
        .narrow(2, earlier, time)
        .masked_fill_(shared.future(), new Scalar(Double.NEGATIVE_INFINITY));
    Tensor weights = drop(torch.softmax(scores, -1), attentionDropout);
    Tensor mixed =
        torch
            .bmm(weights, keysValues.select(0, 1))
            .view(heads, batch, time, size)
            .permute(2, 1, 0, 3)
            .reshape(time, batch, all);
    return torch.linear(mixed, output);
  }

  /**
   * From columns by distance, keys to 0, to columns by key; a view. Row i's key j lies memory + i -
   * j back, which is column time - i + j: in memory that is one place before the same key's column
   * in the next row, so cutting the rows one shorter puts them in order. Keys after the query get
   * numbers of other rows, and are masked.
   */
  private static Tensor shifted(Tensor byDistance) {
    long rows = byDistance.size(0);
    long time = byDistance.size(1);
    long keys = byDistance.size(2) - 1;
    return byDistance
        .view(rows, time * (keys + 1))
        .narrow(1, time, time * keys)
        .view(rows, time, keys);
  }

  private static Tensor matrix(Module owner, String name, long out, long in) {
    Module linear = owner.register_module(name, new Module("Linear"));
    return Drawn.normal(linear, "weight", 0, DEVIATION, out, in);
  }

  /** Layer normalisation, its scale from N(1, 0.02). */
  private static final class Norm {
    private static final double EPSILON = 1e-5;

    private final long[] width;
    private final TensorOptional scale;
    private final TensorOptional shift;

    Norm(Module owner, long width) {
      Module norm = owner.register_module("layer_norm", new Module("LayerNorm"));
      this.width = new long[] {width};
      scale = new TensorOptional(Drawn.normal(norm, "weight", 1, DEVIATION, width));
      shift = new TensorOptional(Drawn.normal(norm, "bias", 0, 0, width));
    }

    Tensor of(Tensor x) {
      return torch.layer_norm(x, width, scale, shift, EPSILON, false);
    }
  }

  private Tensor drop(Tensor x, double probability) {
    return is_training() ? Dropout.each(x, probability) : x;
  }
}
