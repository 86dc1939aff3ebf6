package lot4j.model.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Pretrained;
import lot4j.Require;
import lot4j.Shape;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxModel;
import lot4j.onnx.OnnxValue;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The Vision Transformer: an image's patches are tokens; a further token, the class token, carries
 * the answer.
 *
 * <p>Each patch goes through one linear layer; learned positions are added; {@code depth} blocks of
 * attention and a feed-forward layer with GELU follow, each with a norm before (ε = 1e-6) and a sum
 * after; the class token's norm goes to a linear layer. Dropout stands behind the positions and
 * behind every linear layer of the blocks but the first of attention, as in the paper.
 *
 * <p>Linear layers and positions start from N(0, 0.02), biases from 0, the patches' layer from the
 * engine's default. Images are any multiple of the patch high and wide. Published weights for
 * another size fit too: their positions are interpolated bicubically over the grid of patches, as
 * the paper does for fine-tuning at higher resolution.
 *
 * <p>Source: A. Dosovitskiy and others, "An Image is Worth 16x16 Words: Transformers for Image
 * Recognition at Scale", ICLR 2021, arXiv 2010.11929; parameter names as in timm ({@code
 * vit_base_patch16_224}).
 *
 * @param patch height and width of a patch
 * @param width numbers a token, a multiple of {@code heads}
 * @param depth blocks, 1 or more
 * @param heads attention heads of a block, 1 or more
 * @param mlpRatio the feed-forward layer's width by the token's
 * @param dropout probability with which a number is set to 0 in training, [0, 1)
 * @param dropPath probability with which the last block is left out for an image in training, [0,
 *     1); that of the first is 0, those between lie on a line
 */
public record Vit(
    int patch, int width, int depth, int heads, double mlpRatio, double dropout, double dropPath)
    implements ModelSpec, OnnxModel {
  private static final double EPSILON = 1e-6;
  private static final String POSITIONS = "pos_embed";

  /** Checks the sizes. */
  public Vit {
    Require.atLeast("patch", patch, 1);
    Require.atLeast("heads", heads, 1);
    Require.that(
        width >= heads && width % heads == 0, "width", width, "a multiple of heads, " + heads);
    Require.atLeast("depth", depth, 1);
    Require.that(
        mlpRatio * width >= 1 && mlpRatio <= 100, "mlp-ratio", mlpRatio, "at most 100, above 0");
    Require.below("dropout", dropout, 0, 1);
    Require.below("drop-path", dropPath, 0, 1);
  }

  /** ViT-B/16 without dropout. */
  public Vit() {
    this(16, 768, 12, 12, 4, 0, 0);
  }

  /** ViT-L/16 without dropout. */
  public static Vit large() {
    return new Vit(16, 1024, 24, 16, 4, 0, 0);
  }

  @Override
  public Model build(Shape input, int outputs) {
    check(input, outputs);
    return new Net(this, input, outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(width);
  }

  @Override
  public Census census(Shape input, int outputs) {
    check(input, outputs);
    long rows = input.size(1) / patch;
    long columns = input.size(2) / patch;
    long tokens = rows * columns + 1;
    return Census.conv(input.size(0), width, patch, rows, columns, true)
        .plus(new Census((tokens + 1) * width, 0))
        .plus(Tokens.block(width, inner(), tokens, tokens).times(depth))
        .plus(Census.norm(width))
        .plus(Census.linear(width, outputs, true));
  }

  @Override
  public OnnxValue onnx(OnnxGraph graph) {
    long others = graph.sizes(POSITIONS)[1] - 1;
    // The class token comes in with the positions: its own place is padded with zeros before.
    OnnxValue places =
        graph
            .weight("cls_token")
            .then("Pad", Map.of(), graph.whole(0, 0, 0, 0, others, 0))
            .plus(graph.weight(POSITIONS));
    OnnxValue x =
        graph
            .input()
            .patches("patch_embed.proj")
            .shaped(0, width, -1)
            .transposed(0, 2, 1)
            .then("Pad", Map.of(), graph.whole(0, 1, 0, 0, 0, 0))
            .plus(places);
    for (int i = 0; i < depth; i++) {
      String block = "blocks." + i;
      OnnxValue seen =
          TokenGraph.attend(
              x.layerNorm(block + ".norm1", EPSILON),
              block + ".attn",
              width,
              heads,
              3,
              Optional.empty());
      x = TokenGraph.fedForward(x.plus(seen), block, EPSILON);
    }
    return x.layerNorm("norm", EPSILON).slice(1, 0, 1).flatten().linear("head");
  }

  private long inner() {
    return (long) (mlpRatio * width);
  }

  private void check(Shape input, int outputs) {
    Tally.of("Vit", input, outputs, patch);
    Require.that(
        input.size(1) % patch == 0 && input.size(2) % patch == 0,
        "input",
        input,
        "Vit takes images whose height and width are multiples of patch, " + patch);
  }

  private static final class Net extends Module implements Model {
    private final Vit spec;
    private final long rows;
    private final long columns;
    private final Tensor classToken;
    private final Tensor positions;
    private final Conv2dImpl patches;
    private final List<Block> blocks = new ArrayList<>();
    private final LayerNormImpl norm;
    private final LinearImpl classifier;

    Net(Vit spec, Shape input, int outputs) {
      super("VisionTransformer");
      this.spec = spec;
      rows = input.size(1) / spec.patch;
      columns = input.size(2) / spec.patch;
      classToken = Tokens.normal(this, "cls_token", 1, 1, spec.width);
      positions = Tokens.normal(this, POSITIONS, 1, rows * columns + 1, spec.width);
      Module embedding = register_module("patch_embed", new Module("PatchEmbed"));
      patches = embedding.register_module("proj", patches(input.size(0), spec.width, spec.patch));
      Module list = register_module("blocks", new Module("Blocks"));
      for (int i = 0; i < spec.depth; i++) {
        blocks.add(list.register_module(String.valueOf(i), new Block(spec, i)));
      }
      norm = register_module("norm", Tokens.norm(spec.width, EPSILON));
      classifier = register_module("head", Tokens.linear(spec.width, outputs, true));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Layers.classified(() -> features(inputs), classifier);
    }

    private Tensor features(Tensor inputs) {
      Tensor tokens = Layers.keepingResult(() -> embed(inputs));
      return norm.forward(Layers.sequence(tokens, blocks).select(1, 0));
    }

    private Tensor embed(Tensor inputs) {
      Tensor patched = patches.forward(inputs).flatten(2, -1).transpose(1, 2);
      Tensor first = classToken.expand(inputs.size(0), 1, spec.width).to(patched.scalar_type());
      Tensor tokens = torch.cat(new TensorVector(first, patched), 1);
      return Tokens.drop(tokens.add(positions), spec.dropout, is_training());
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return spec.dropout > 0 || spec.dropPath > 0;
    }

    @Override
    public Pretrained pretrained() {
      return new Published(rows, columns, spec.width);
    }
  }

  /** Patches that do not overlap, each through the same linear layer. */
  static Conv2dImpl patches(long channels, long width, long patch) {
    long[] size = {patch, patch};
    Conv2dOptions options = new Conv2dOptions(channels, width, new LongPointer(size));
    options.stride().put(size);
    return new Conv2dImpl(options);
  }

  /** Files for another image size have other positions. */
  private record Published(long rows, long columns, long width) implements Pretrained {
    @Override
    public Set<String> head() {
      return Set.of("head.weight", "head.bias");
    }

    @Override
    public Optional<UnaryOperator<Tensor>> resizing(String own, long[] from, long[] to) {
      long places = from.length == 3 ? from[1] - 1 : 0;
      long side = Math.round(Math.sqrt(places));
      boolean square = side >= 1 && side * side == places && from[0] == 1 && from[2] == width;
      return own.equals(POSITIONS) && square
          ? Optional.of(values -> resized(values, side))
          : Optional.empty();
    }

    private Tensor resized(Tensor values, long side) {
      Tensor grid = values.narrow(1, 1, side * side).transpose(1, 2).reshape(1, width, side, side);
      Tensor here = Tokens.bicubic(grid, rows, columns).flatten(2, -1).transpose(1, 2);
      return torch.cat(new TensorVector(values.narrow(1, 0, 1), here), 1);
    }
  }

  private static final class Block extends Module implements Layers.Step {
    private final Vit spec;
    private final double leftOut;
    private final LayerNormImpl before;
    private final LinearImpl queriesKeysValues;
    private final LinearImpl mixed;
    private final LayerNormImpl between;
    private final Tokens.FeedForward feedForward;

    Block(Vit spec, int index) {
      super("Block");
      this.spec = spec;
      leftOut = Tokens.rate(spec.dropPath, index, spec.depth);
      before = register_module("norm1", Tokens.norm(spec.width, EPSILON));
      Module attention = register_module("attn", new Module("Attention"));
      queriesKeysValues =
          attention.register_module("qkv", Tokens.linear(spec.width, 3L * spec.width, true));
      mixed = attention.register_module("proj", Tokens.linear(spec.width, spec.width, true));
      between = register_module("norm2", Tokens.norm(spec.width, EPSILON));
      feedForward =
          register_module("mlp", new Tokens.FeedForward(spec.width, spec.inner(), spec.dropout));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor all = queriesKeysValues.forward(before.forward(x));
      Tensor seen = mixed.forward(Tokens.attend(all, spec.heads, new TensorOptional()));
      Tensor middle = x.add(branch(Tokens.drop(seen, spec.dropout, is_training())));
      return middle.add(branch(feedForward.forward(between.forward(middle))));
    }

    private Tensor branch(Tensor x) {
      return Tokens.dropPath(x, leftOut, is_training());
    }
  }
}
