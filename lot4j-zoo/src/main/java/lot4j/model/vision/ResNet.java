package lot4j.model.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The residual network for ImageNet, as torchvision has it.
 *
 * <p>A 7×7 convolution to 64 channels at stride 2, a 3×3 maximum at stride 2, four stages of 64,
 * 128, 256 and 512 planes at strides 1, 2, 2 and 2, the mean over all places, and a linear layer.
 * Depths 18 and 34 have basic blocks (two 3×3 convolutions), 50, 101 and 152 bottlenecks (1×1, 3×3,
 * 1×1 to four times the planes) whose 3×3 convolution carries the stride; the paper's first 1×1
 * does. Where size or channels change, the shortcut is a 1×1 convolution with batch norm.
 *
 * <p>Convolutions have no bias and start from N(0, √(2 / (k²·out))), the linear layer from the
 * engine's default. Any image of 17×17 or more is taken: then every halving still finds two places.
 *
 * <p>Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR
 * 2016, arXiv 1512.03385; parameter names and initialisation as in torchvision.
 *
 * @param depth 18, 34, 50, 101 or 152
 */
public record ResNet(int depth) implements ModelSpec, OnnxModel {
  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3),
          152, List.of(3, 8, 36, 3));
  private static final long FIRST = 64;
  private static final long LEAST = 17;

  /** Checks the depth. */
  public ResNet {
    Require.that(BLOCKS.containsKey(depth), "depth", depth, "18, 34, 50, 101 or 152");
  }

  @Override
  public Model build(Shape input, int outputs) {
    Tally.of("ResNet", input, outputs, LEAST);
    return new Net(this, input.size(0), outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of((FIRST << (BLOCKS.get(depth).size() - 1)) * expansion());
  }

  @Override
  public Census census(Shape input, int outputs) {
    Tally tally = Tally.of("ResNet", input, outputs, LEAST).conv(FIRST, 7, 2).norm().halve();
    List<Integer> blocks = BLOCKS.get(depth);
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        tally(tally, FIRST << stage, stride(stage, block));
      }
    }
    return tally.globalMean().linear(outputs).census();
  }

  @Override
  public OnnxValue onnx(OnnxGraph graph) {
    OnnxValue x = graph.input().conv("conv1", 2).norm("bn1").relu().maxPool(3, 2, 1);
    List<Integer> blocks = BLOCKS.get(depth);
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        x = onnx(graph, x, "layer" + (stage + 1) + "." + block + ".", stride(stage, block));
      }
    }
    return x.globalMean().linear("fc");
  }

  private OnnxValue onnx(OnnxGraph graph, OnnxValue input, String block, long stride) {
    OnnxValue x = input;
    int convs = bottleneck() ? 3 : 2;
    for (int i = 1; i <= convs; i++) {
      // The second convolution strides in a bottleneck, the first in a basic block.
      long step = i == convs - 1 ? stride : 1;
      x = (i > 1 ? x.relu() : x).conv(block + "conv" + i, step).norm(block + "bn" + i);
    }
    String shortcut = block + "downsample.";
    OnnxValue beside =
        graph.has(shortcut + "0.weight")
            ? input.conv(shortcut + "0", stride).norm(shortcut + "1")
            : input;
    return x.plus(beside).relu();
  }

  private void tally(Tally tally, long planes, long stride) {
    long out = planes * expansion();
    if (stride != 1 || tally.channels() != out) {
      tally.shortcut(out, stride).norm(out);
    }
    if (bottleneck()) {
      tally.conv(planes, 1, 1).norm().conv(planes, 3, stride).norm().conv(out, 1, 1).norm();
    } else {
      tally.conv(planes, 3, stride).norm().conv(planes, 3, 1).norm();
    }
  }

  private boolean bottleneck() {
    return depth >= 50;
  }

  private int expansion() {
    return bottleneck() ? 4 : 1;
  }

  private static long stride(int stage, int block) {
    return stage > 0 && block == 0 ? 2 : 1;
  }

  private static final class Net extends Module implements Model {
    private final Conv2dImpl first;
    private final BatchNorm2dImpl norm;
    private final List<Block> blocks = new ArrayList<>();
    private final LinearImpl classifier;

    Net(ResNet spec, long channels, int outputs) {
      super("ResNet");
      first = register_module("conv1", Layers.fanOut(Layers.conv(channels, FIRST, 7, 2)));
      norm = register_module("bn1", Layers.norm(FIRST));
      List<Integer> counts = BLOCKS.get(spec.depth());
      long in = FIRST;
      for (int stage = 0; stage < counts.size(); stage++) {
        Module layer = register_module("layer" + (stage + 1), new Module("Stage"));
        long planes = FIRST << stage;
        for (int index = 0; index < counts.get(stage); index++) {
          Block block =
              new Block(in, planes, stride(stage, index), spec.expansion(), spec.bottleneck());
          blocks.add(layer.register_module(String.valueOf(index), block));
          in = planes * spec.expansion();
        }
      }
      classifier = register_module("fc", new LinearImpl(in, outputs));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Layers.classified(() -> features(inputs), classifier);
    }

    private Tensor features(Tensor inputs) {
      Tensor maps = Layers.keepingResult(() -> stem(inputs));
      return Layers.globalMean(Layers.sequence(maps, blocks));
    }

    private Tensor stem(Tensor inputs) {
      Tensor x = Layers.rectify(norm.forward(first.forward(Layers.channelsLast(inputs))));
      long[] one = {1, 1};
      return torch.max_pool2d(x, new long[] {3, 3}, new long[] {2, 2}, one, one, false);
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return false;
    }

    @Override
    public Pretrained pretrained() {
      return Pretrained.withHead("fc.weight", "fc.bias");
    }
  }

  /** Convolution, norm, ReLU, two or three times, the input added before the last ReLU. */
  private static final class Block extends Module implements Layers.Step {
    private final List<Conv2dImpl> convs = new ArrayList<>();
    private final List<BatchNorm2dImpl> norms = new ArrayList<>();
    private final Optional<Layers.Step> shortcut;

    Block(long in, long planes, long stride, int expansion, boolean bottleneck) {
      super("Block");
      long out = planes * expansion;
      if (bottleneck) {
        add(in, planes, 1, 1);
        add(planes, planes, 3, stride);
        add(planes, out, 1, 1);
      } else {
        add(in, planes, 3, stride);
        add(planes, out, 3, 1);
      }
      shortcut =
          stride == 1 && in == out ? Optional.empty() : Optional.of(downsample(in, out, stride));
    }

    private void add(long in, long out, long kernel, long stride) {
      String index = String.valueOf(convs.size() + 1);
      convs.add(
          register_module("conv" + index, Layers.fanOut(Layers.conv(in, out, kernel, stride))));
      norms.add(register_module("bn" + index, Layers.norm(out)));
    }

    private Layers.Step downsample(long in, long out, long stride) {
      Module both = register_module("downsample", new Module("Downsample"));
      Conv2dImpl conv = both.register_module("0", Layers.fanOut(Layers.conv(in, out, 1, stride)));
      BatchNorm2dImpl norm = both.register_module("1", Layers.norm(out));
      return maps -> Layers.pass(conv.forward(maps), norm::forward);
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor x = Layers.pass(convs.get(0).forward(input), norms.get(0)::forward);
      for (int i = 1; i < convs.size(); i++) {
        x = Layers.pass(Layers.rectify(x), convs.get(i)::forward);
        x = Layers.pass(x, norms.get(i)::forward);
      }
      Tensor beside = shortcut.map(step -> step.forward(input)).orElse(input);
      return Layers.rectify(Layers.accumulate(x, beside));
    }
  }
}
