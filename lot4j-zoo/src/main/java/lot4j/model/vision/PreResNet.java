package lot4j.model.vision;

import java.util.ArrayList;
import java.util.List;
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

/**
 * The pre-activation residual network for small images that the published LoT experiments use.
 *
 * <p>A 3×3 convolution to 16 channels, three stages of 16, 32 and 64 planes at strides 1, 2 and 2,
 * then batch norm, ReLU, the mean over all places, and a linear layer. Below depth 44 a stage has
 * {@code (depth - 2) / 6} basic blocks (two 3×3 convolutions); from 44 on it has {@code (depth - 2)
 * / 9} bottleneck blocks (1×1, 3×3, 1×1 to four times the planes). So depth 56 is <em>not</em> He's
 * ResNet-56 ({@link CifarResNet}). Where size or channels change, the shortcut is a bare 1×1
 * convolution of the block's raw input.
 *
 * <p>Convolutions have no bias and start from N(0, √(2 / (k²·out))), the linear layer from the
 * engine's default. Any image of 3×3 or more is taken; the published 8×8 pooling is the mean over
 * all places of a 32×32 image.
 *
 * <p>Source: K. He, X. Zhang, S. Ren, J. Sun, "Identity Mappings in Deep Residual Networks", ECCV
 * 2016, arXiv 1603.05027; parameter names as in bearpaw/pytorch-classification.
 *
 * @param depth counted layers: 6n + 2 below 44, 9n + 2 from 44 on; 20, 32, 56 and 110 are published
 */
public record PreResNet(int depth) implements ModelSpec, OnnxModel {
  private static final int BOTTLENECK_FROM = 44;
  private static final int FIRST = 16;
  private static final int STAGES = 3;
  private static final long LEAST = 3;

  /** Checks the depth. */
  public PreResNet {
    Require.that(
        depth < BOTTLENECK_FROM ? depth >= 8 && depth % 6 == 2 : depth % 9 == 2,
        "depth",
        depth,
        "8, 14, 20, 26, 32, 38 or, with bottlenecks, 47, 56, 65, … (9n + 2)");
  }

  @Override
  public Model build(Shape input, int outputs) {
    Tally.of("PreResNet", input, outputs, LEAST);
    return new Net(this, input.size(0), outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(planes(STAGES - 1) * expansion());
  }

  @Override
  public Census census(Shape input, int outputs) {
    Tally tally = Tally.of("PreResNet", input, outputs, LEAST).conv(FIRST, 3, 1);
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < blocks(); block++) {
        tally(tally, planes(stage), stride(stage, block));
      }
    }
    return tally.norm().globalMean().linear(outputs).census();
  }

  @Override
  public OnnxValue onnx(OnnxGraph graph) {
    OnnxValue x = graph.input().conv("conv1", 1);
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < blocks(); block++) {
        x = onnx(graph, x, "layer" + (stage + 1) + "." + block + ".", stride(stage, block));
      }
    }
    return x.norm("bn").relu().globalMean().linear("fc");
  }

  private OnnxValue onnx(OnnxGraph graph, OnnxValue input, String block, long stride) {
    OnnxValue x = input;
    int convs = bottleneck() ? 3 : 2;
    for (int i = 1; i <= convs; i++) {
      // The second convolution strides in a bottleneck, the first in a basic block.
      long step = i == convs - 1 ? stride : 1;
      x = x.norm(block + "bn" + i).relu().conv(block + "conv" + i, step);
    }
    String shortcut = block + "downsample.0";
    return x.plus(graph.has(shortcut + ".weight") ? input.conv(shortcut, stride) : input);
  }

  private void tally(Tally tally, long planes, long stride) {
    long out = planes * expansion();
    if (stride != 1 || tally.channels() != out) {
      tally.shortcut(out, stride);
    }
    if (bottleneck()) {
      tally.norm().conv(planes, 1, 1).norm().conv(planes, 3, stride).norm().conv(out, 1, 1);
    } else {
      tally.norm().conv(planes, 3, stride).norm().conv(planes, 3, 1);
    }
  }

  private boolean bottleneck() {
    return depth >= BOTTLENECK_FROM;
  }

  private int blocks() {
    return (depth - 2) / (bottleneck() ? 9 : 6);
  }

  private int expansion() {
    return bottleneck() ? 4 : 1;
  }

  private static long planes(int stage) {
    return (long) FIRST << stage;
  }

  private static long stride(int stage, int block) {
    return stage > 0 && block == 0 ? 2 : 1;
  }

  private static final class Net extends Module implements Model {
    private final Conv2dImpl first;
    private final List<Block> blocks = new ArrayList<>();
    private final BatchNorm2dImpl norm;
    private final LinearImpl classifier;

    Net(PreResNet spec, long channels, int outputs) {
      super("PreResNet");
      first = register_module("conv1", Layers.fanOut(Layers.conv(channels, FIRST, 3, 1)));
      long in = FIRST;
      for (int stage = 0; stage < STAGES; stage++) {
        Module layer = register_module("layer" + (stage + 1), new Module("Stage"));
        for (int index = 0; index < spec.blocks(); index++) {
          Block block =
              new Block(
                  in, planes(stage), stride(stage, index), spec.expansion(), spec.bottleneck());
          blocks.add(layer.register_module(String.valueOf(index), block));
          in = planes(stage) * spec.expansion();
        }
      }
      norm = register_module("bn", Layers.norm(in));
      classifier = register_module("fc", new LinearImpl(in, outputs));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Layers.classified(() -> features(inputs), classifier);
    }

    private Tensor features(Tensor inputs) {
      Tensor maps = Layers.sequence(first.forward(Layers.channelsLast(inputs)), blocks);
      return Layers.globalMean(Layers.rectify(norm.forward(maps)));
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

  /** Norm, ReLU, convolution, two or three times, plus the raw input. */
  private static final class Block extends Module implements Layers.Step {
    private final List<BatchNorm2dImpl> norms = new ArrayList<>();
    private final List<Conv2dImpl> convs = new ArrayList<>();
    private final Optional<Conv2dImpl> shortcut;

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
      if (stride == 1 && in == out) {
        shortcut = Optional.empty();
      } else {
        Module downsample = register_module("downsample", new Module("Downsample"));
        shortcut =
            Optional.of(
                downsample.register_module("0", Layers.fanOut(Layers.conv(in, out, 1, stride))));
      }
    }

    private void add(long in, long out, long kernel, long stride) {
      String index = String.valueOf(convs.size() + 1);
      norms.add(register_module("bn" + index, Layers.norm(in)));
      convs.add(
          register_module("conv" + index, Layers.fanOut(Layers.conv(in, out, kernel, stride))));
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor x = norms.get(0).forward(input);
      x = Layers.pass(Layers.rectify(x), convs.get(0)::forward);
      for (int i = 1; i < convs.size(); i++) {
        x = Layers.pass(x, norms.get(i)::forward);
        x = Layers.pass(Layers.rectify(x), convs.get(i)::forward);
      }
      return Layers.accumulate(x, shortcut.map(conv -> conv.forward(input)).orElse(input));
    }
  }
}
