package lot4j.model.vision;

import java.util.stream.LongStream;
import lot4j.Census;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LayerNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The pieces that image Transformers share. Tokens are the last axis but one, widths the last. */
final class Tokens {
  private static final double SPREAD = 0.02;

  private Tokens() {}

  /** A linear layer, weight from N(0, 0.02), bias from 0. */
  static LinearImpl linear(long in, long out, boolean bias) {
    LinearOptions options = new LinearOptions(in, out);
    options.bias().put(bias);
    LinearImpl linear = new LinearImpl(options);
    torch.normal_(linear.weight(), 0, SPREAD);
    if (bias) {
      torch.zeros_(linear.bias());
    }
    return linear;
  }

  /** Layer normalisation over the last axis. */
  static LayerNormImpl norm(long width, double epsilon) {
    LayerNormOptions options = new LayerNormOptions(new LongVector(new long[] {width}));
    options.eps().put(epsilon);
    return new LayerNormImpl(options);
  }

  /** A parameter from N(0, 0.02); keep what this returns. */
  static Tensor normal(Module owner, String name, long... sizes) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor made = torch.empty(sizes);
      torch.normal_(made, 0, SPREAD);
      owner.register_parameter(name, made);
      return made;
    }
  }

  /** Dropout. */
  static Tensor drop(Tensor x, double probability, boolean train) {
    return train && probability > 0 ? torch.dropout(x, probability, true) : x;
  }

  /**
   * Leaves out whole images' branches, and scales the others up.
   *
   * <p>Source: G. Huang, Y. Sun, Z. Liu, D. Sedra, K. Weinberger, "Deep Networks with Stochastic
   * Depth", ECCV 2016, arXiv 1603.09382.
   *
   * @param branch [batch, …]
   */
  static Tensor dropPath(Tensor branch, double probability, boolean train) {
    if (!train || probability == 0) {
      return branch;
    }
    long[] sizes = LongStream.range(0, branch.dim()).map(axis -> 1).toArray();
    sizes[0] = branch.size(0);
    return branch.mul(torch.dropout(torch.ones(sizes, branch.options()), probability, true));
  }

  /** The rate of block {@code index} of {@code blocks}: it grows from 0 to {@code last}. */
  static double rate(double last, int index, int blocks) {
    return blocks == 1 ? 0 : last * index / (blocks - 1);
  }

  /**
   * Attention of several heads.
   *
   * @param all [batch…, tokens, 3·width]: queries, keys and values, each split into heads
   * @param bias added to the scores, broadcast to [batch…, heads, tokens, tokens]; may be absent
   * @return [batch…, tokens, width]
   */
  static Tensor attend(Tensor all, long heads, TensorOptional bias) {
    long width = all.size(-1) / 3;
    Tensor split = all.unflatten(-1, new long[] {3, heads, width / heads}).transpose(-4, -2);
    Tensor mixed =
        torch.scaled_dot_product_attention(
            split.select(-3, 0).contiguous(),
            split.select(-3, 1).contiguous(),
            split.select(-3, 2).contiguous(),
            bias,
            0,
            false,
            new DoubleOptional(),
            false);
    return mixed.transpose(-3, -2).flatten(-2, -1);
  }

  /**
   * Values at the places of another grid, cubically interpolated.
   *
   * @param grid [1, channels, height, width]
   */
  static Tensor bicubic(Tensor grid, long height, long width) {
    return torch.upsample_bicubic2d(grid, new long[] {height, width}, false);
  }

  /** Parameters of a layer that {@code tokens} tokens go through one by one. */
  static Census each(Census layer, long tokens) {
    return new Census(layer.parameters(), Math.multiplyExact(layer.macs(), tokens));
  }

  /**
   * A block's norms, linear layers and attention.
   *
   * @param width numbers a token
   * @param inner numbers a token within the feed-forward layer
   * @param tokens tokens of an image
   * @param seen tokens that each token looks at
   */
  static Census block(long width, long inner, long tokens, long seen) {
    return Census.norm(width)
        .times(2)
        .plus(each(Census.linear(width, 3 * width, true), tokens))
        .plus(new Census(0, Census.product(2, tokens, seen, width)))
        .plus(each(Census.linear(width, width, true), tokens))
        .plus(each(Census.linear(width, inner, true), tokens))
        .plus(each(Census.linear(inner, width, true), tokens));
  }

  /** Two linear layers with GELU between, dropout behind each. */
  static final class FeedForward extends Module {
    private final LinearImpl wider;
    private final LinearImpl back;
    private final double dropout;

    FeedForward(long width, long inner, double dropout) {
      super("FeedForward");
      this.dropout = dropout;
      wider = register_module("fc1", linear(width, inner, true));
      back = register_module("fc2", linear(inner, width, true));
    }

    Tensor forward(Tensor x) {
      Tensor hidden = drop(torch.gelu(wider.forward(x)), dropout, is_training());
      return drop(back.forward(hidden), dropout, is_training());
    }
  }
}
