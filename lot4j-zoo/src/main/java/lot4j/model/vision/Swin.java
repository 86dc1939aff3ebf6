package lot4j.model.vision;

import java.util.ArrayList;
import java.util.List;
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
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * The Swin Transformer: attention within windows that are shifted in every other block, and stages
 * that halve height and width as they double the channels.
 *
 * <p>Patches are tokens, with a norm behind their linear layer. A stage after the first begins with
 * patch merging (four neighbours side by side, a norm, a linear layer without bias). Blocks have
 * the norms (ε = 1e-5) before and the sums after; attention adds a learned bias for each relative
 * position; windows that are shifted across the border do not see each other's tokens. A window is
 * never larger than the stage's grid; one as large is not shifted. The mean of the last norm's
 * tokens goes to a linear layer.
 *
 * <p>Linear layers and biases of positions start from N(0, 0.02), other biases from 0, the patches'
 * layer from the engine's default. A stage's grid has to be a multiple of the window, or no larger.
 * Published weights for another window fit too: the biases are interpolated bicubically.
 *
 * <p>Parameter names are those of timm from 0.9 on, where {@code downsample} belongs to the stage
 * that it leads to and the last layer is {@code head.fc}; files with the paper's own names ({@code
 * layers.0.downsample}, {@code head}) fit as well. Their tables of indices and their masks are no
 * weights.
 *
 * <p>Source: Z. Liu, Y. Lin, Y. Cao, H. Hu, Y. Wei, Z. Zhang, S. Lin, B. Guo, "Swin Transformer:
 * Hierarchical Vision Transformer using Shifted Windows", ICCV 2021, arXiv 2103.14030.
 *
 * @param patch height and width of a patch
 * @param width channels of the first stage
 * @param depths blocks of each stage
 * @param heads attention heads of each stage's blocks
 * @param window height and width of a window in tokens
 * @param mlpRatio the feed-forward layer's width by the token's
 * @param dropout probability with which a number is set to 0 in training, [0, 1)
 * @param dropPath probability with which the last block is left out for an image in training, [0,
 *     1); that of the first is 0, those between lie on a line
 */
public record Swin(
    int patch,
    int width,
    List<Integer> depths,
    List<Integer> heads,
    int window,
    double mlpRatio,
    double dropout,
    double dropPath)
    implements ModelSpec, OnnxModel {
  static final double EPSILON = 1e-5;
  private static final int MOST_STAGES = 8;
  static final String TABLE = "attn.relative_position_bias_table";

  /** Checks the sizes. */
  public Swin {
    depths = List.copyOf(depths);
    heads = List.copyOf(heads);
    Require.atLeast("patch", patch, 1);
    Require.that(
        !depths.isEmpty() && depths.size() <= MOST_STAGES,
        "depths",
        depths,
        "1 to " + MOST_STAGES + " numbers, one a stage");
    depths.forEach(depth -> Require.atLeast("depths", depth, 1));
    Require.that(
        heads.size() == depths.size(), "heads", heads, depths.size() + " numbers, as depths");
    Require.atLeast("width", width, 1);
    for (int stage = 0; stage < heads.size(); stage++) {
      Require.atLeast("heads", heads.get(stage), 1);
      Require.that(
          ((long) width << stage) % heads.get(stage) == 0,
          "heads",
          heads,
          "divisors of the stages' widths, " + width + " and its doubles");
    }
    Require.atLeast("window", window, 1);
    Require.that(
        mlpRatio * width >= 1 && mlpRatio <= 100, "mlp-ratio", mlpRatio, "at most 100, above 0");
    Require.below("dropout", dropout, 0, 1);
    Require.below("drop-path", dropPath, 0, 1);
  }

  /** Swin-B for 224×224 without dropout. */
  public Swin() {
    this(4, 128, List.of(2, 2, 18, 2), List.of(4, 8, 16, 32), 7, 4, 0, 0);
  }

  /** Swin-L for 224×224 without dropout. */
  public static Swin large() {
    return new Swin(4, 192, List.of(2, 2, 18, 2), List.of(6, 12, 24, 48), 7, 4, 0, 0);
  }

  @Override
  public Model build(Shape input, int outputs) {
    return new Net(this, input.size(0), grids(input, outputs), outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(channels(depths.size() - 1));
  }

  @Override
  public Census census(Shape input, int outputs) {
    List<Grid> grids = grids(input, outputs);
    Census sum =
        Census.conv(input.size(0), width, patch, grids.get(0).height(), grids.get(0).width(), true)
            .plus(Census.norm(width));
    for (int stage = 0; stage < depths.size(); stage++) {
      long own = channels(stage);
      long tokens = grids.get(stage).tokens();
      Windows windows = grids.get(stage).windows(window, false);
      if (stage > 0) {
        sum =
            sum.plus(Census.norm(2 * own))
                .plus(Tokens.each(Census.linear(2 * own, own, false), tokens));
      }
      sum =
          sum.plus(
              Tokens.block(own, inner(own), tokens, windows.tokens())
                  .plus(new Census(windows.places() * heads.get(stage), 0))
                  .times(depths.get(stage)));
    }
    long last = channels(depths.size() - 1);
    return sum.plus(Census.norm(last)).plus(Census.linear(last, outputs, true));
  }

  @Override
  public OnnxValue onnx(OnnxGraph graph) {
    int outputs = Math.toIntExact(graph.sizes("head.fc.weight")[0]);
    return SwinGraph.of(this, grids(graph.sample(), outputs), graph);
  }

  long channels(int stage) {
    return (long) width << stage;
  }

  private long inner(long own) {
    return (long) (mlpRatio * own);
  }

  /** A stage's tokens. */
  record Grid(long height, long width) {
    long tokens() {
      return height * width;
    }

    Windows windows(int window, boolean shifted) {
      return Windows.of(height, width, window, shifted);
    }

    boolean takes(int window) {
      return (height <= window || height % window == 0) && (width <= window || width % window == 0);
    }
  }

  private List<Grid> grids(Shape input, int outputs) {
    int last = depths.size() - 1;
    long step = (long) patch << last;
    Tally.of("Swin", input, outputs, step);
    Require.that(
        input.size(1) % step == 0 && input.size(2) % step == 0,
        "input",
        input,
        "Swin takes images whose height and width are multiples of patch · 2^"
            + last
            + ", "
            + step);
    List<Grid> grids = new ArrayList<>();
    for (int stage = 0; stage <= last; stage++) {
      Grid grid = new Grid(input.size(1) / patch >> stage, input.size(2) / patch >> stage);
      Require.that(
          grid.takes(window),
          "window",
          window,
          "with images of "
              + input
              + ", at least the grid of stage "
              + stage
              + ", "
              + grid.height()
              + "x"
              + grid.width()
              + ", or a divisor of it");
      grids.add(grid);
    }
    return grids;
  }

  private static final class Net extends Module implements Model {
    private final Swin spec;
    private final Conv2dImpl patches;
    private final LayerNormImpl embedded;
    private final List<Layers.Step> steps = new ArrayList<>();
    private final LayerNormImpl norm;
    private final LinearImpl classifier;

    Net(Swin spec, long channels, List<Grid> grids, int outputs) {
      super("SwinTransformer");
      this.spec = spec;
      Module embedding = register_module("patch_embed", new Module("PatchEmbed"));
      patches = embedding.register_module("proj", Vit.patches(channels, spec.width, spec.patch));
      embedded = embedding.register_module("norm", Tokens.norm(spec.width, EPSILON));
      Module layers = register_module("layers", new Module("Layers"));
      int all = spec.depths.stream().mapToInt(Integer::intValue).sum();
      int index = 0;
      for (int stage = 0; stage < grids.size(); stage++) {
        Module layer = layers.register_module(String.valueOf(stage), new Module("Stage"));
        long own = spec.channels(stage);
        if (stage > 0) {
          steps.add(layer.register_module("downsample", new Merging(own / 2)));
        }
        Module blocks = layer.register_module("blocks", new Module("Blocks"));
        for (int i = 0; i < spec.depths.get(stage); i++) {
          Windows windows = grids.get(stage).windows(spec.window, i % 2 == 1);
          double leftOut = Tokens.rate(spec.dropPath, index++, all);
          steps.add(
              blocks.register_module(
                  String.valueOf(i),
                  new Block(spec, own, spec.heads.get(stage), windows, leftOut)));
        }
      }
      long last = spec.channels(grids.size() - 1);
      norm = register_module("norm", Tokens.norm(last, EPSILON));
      Module head = register_module("head", new Module("Head"));
      classifier = head.register_module("fc", Tokens.linear(last, outputs, true));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Layers.classified(() -> features(inputs), classifier);
    }

    private Tensor features(Tensor inputs) {
      Tensor tokens = Layers.keepingResult(() -> embed(inputs));
      return norm.forward(Layers.sequence(tokens, steps)).mean(1, 2);
    }

    private Tensor embed(Tensor inputs) {
      Tensor patched = embedded.forward(patches.forward(inputs).permute(0, 2, 3, 1));
      return Tokens.drop(patched, spec.dropout, is_training());
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
      return new Published();
    }
  }

  /** Files for another window have other tables; files of the paper's code other names. */
  private static final class Published implements Pretrained {
    @Override
    public Set<String> head() {
      return Set.of("head.fc.weight", "head.fc.bias");
    }

    @Override
    public String published(String own, Set<String> names) {
      if (!names.contains("layers.0.downsample.reduction.weight")) {
        return own;
      }
      if (own.startsWith("head.fc.")) {
        return "head." + own.substring("head.fc.".length());
      }
      String[] parts = own.split("\\.", 4);
      return parts.length == 4 && parts[2].equals("downsample")
          ? "layers." + (Integer.parseInt(parts[1]) - 1) + ".downsample." + parts[3]
          : own;
    }

    @Override
    public boolean ignores(String name) {
      return name.endsWith(".attn_mask") || name.endsWith(".attn.relative_position_index");
    }

    @Override
    public Optional<UnaryOperator<Tensor>> resizing(String own, long[] from, long[] to) {
      boolean table = own.endsWith(TABLE) && from.length == 2 && from[1] == to[1];
      if (!table || side(from[0]) == 0 || side(to[0]) == 0) {
        return Optional.empty();
      }
      return Optional.of(
          values -> {
            long before = side(from[0]);
            Tensor grid = values.t().reshape(1, from[1], before, before);
            return Tokens.bicubic(grid, side(to[0]), side(to[0])).flatten(2, -1).select(0, 0).t();
          });
    }

    /** The side of a square of so many places, 0 if there is none. */
    private static long side(long places) {
      long side = Math.round(Math.sqrt(places));
      return side * side == places ? side : 0;
    }
  }

  /** Patch merging: [batch, height, width, channels] to half the height and width, channels × 2. */
  private static final class Merging extends Module implements Layers.Step {
    private final LayerNormImpl norm;
    private final LinearImpl reduction;

    Merging(long channels) {
      super("PatchMerging");
      norm = register_module("norm", Tokens.norm(4 * channels, EPSILON));
      reduction = register_module("reduction", Tokens.linear(4 * channels, 2 * channels, false));
    }

    @Override
    public Tensor forward(Tensor maps) {
      // Of the four, left comes before right and, within each, above before below.
      Tensor four =
          maps.unflatten(2, new long[] {-1, 2})
              .unflatten(1, new long[] {-1, 2})
              .permute(0, 1, 3, 4, 2, 5)
              .flatten(3, -1);
      return reduction.forward(norm.forward(four));
    }
  }

  private static final class Block extends Module implements Layers.Step {
    private final Swin spec;
    private final long heads;
    private final Windows windows;
    private final double leftOut;
    private final LayerNormImpl before;
    private final Tensor table;
    private final LinearImpl queriesKeysValues;
    private final LinearImpl mixed;
    private final LayerNormImpl between;
    private final Tokens.FeedForward feedForward;

    Block(Swin spec, long own, long heads, Windows windows, double leftOut) {
      super("Block");
      this.spec = spec;
      this.heads = heads;
      this.windows = windows;
      this.leftOut = leftOut;
      before = register_module("norm1", Tokens.norm(own, EPSILON));
      Module attention = register_module("attn", new Module("WindowAttention"));
      table = Tokens.normal(attention, "relative_position_bias_table", windows.places(), heads);
      queriesKeysValues = attention.register_module("qkv", Tokens.linear(own, 3 * own, true));
      mixed = attention.register_module("proj", Tokens.linear(own, own, true));
      between = register_module("norm2", Tokens.norm(own, EPSILON));
      feedForward =
          register_module("mlp", new Tokens.FeedForward(own, spec.inner(own), spec.dropout));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor middle = x.add(branch(attend(before.forward(x))));
      return middle.add(branch(feedForward.forward(between.forward(middle))));
    }

    private Tensor attend(Tensor x) {
      Tensor all = queriesKeysValues.forward(windows.split(x));
      Tensor bias = windows.bias(table).to(all.scalar_type());
      Tensor seen = mixed.forward(Tokens.attend(all, heads, new TensorOptional(bias)));
      return windows.join(Tokens.drop(seen, spec.dropout, is_training()));
    }

    private Tensor branch(Tensor x) {
      return Tokens.dropPath(x, leftOut, is_training());
    }
  }
}
