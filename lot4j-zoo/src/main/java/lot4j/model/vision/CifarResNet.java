package lot4j.model.vision;

import java.util.ArrayList;
import java.util.List;
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
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The residual network that He et al. trained on CIFAR-10, with shortcuts that cost no parameters.
 *
 * <p>A 3×3 convolution to 16 channels, three stages of {@code (depth - 2) / 6} basic blocks with
 * 16, 32 and 64 planes at strides 1, 2 and 2, the mean over all places, and a linear layer. Where
 * size and channels change, the shortcut takes every second place and pads with zero channels, half
 * of them before and half after (the paper's option A). This is not the network of the published
 * LoT experiments, which is {@link PreResNet}.
 *
 * <p>Convolutions have no bias; they and the linear weight start from N(0, √(2 / (k²·in))), the
 * linear bias from the engine's default. Any image of 3×3 or more is taken.
 *
 * <p>Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR
 * 2016, arXiv 1512.03385, section 4.2; parameter names as in akamaster/pytorch_resnet_cifar10.
 *
 * @param depth counted layers, 6n + 2: 20, 32, 44, 56 and 110 are published
 */
public record CifarResNet(int depth) implements ModelSpec, OnnxModel {
  private static final int FIRST = 16;
  private static final int STAGES = 3;
  private static final long LEAST = 3;

  /** Checks the depth. */
  public CifarResNet {
    Require.that(depth >= 8 && depth % 6 == 2, "depth", depth, "8, 14, 20, … (6n + 2)");
  }

  @Override
  public Model build(Shape input, int outputs) {
    Tally.of("CifarResNet", input, outputs, LEAST);
    return new Net(this, input.size(0), outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(planes(STAGES - 1));
  }

  @Override
  public Census census(Shape input, int outputs) {
    Tally tally = Tally.of("CifarResNet", input, outputs, LEAST).conv(FIRST, 3, 1).norm();
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < blocks(); block++) {
        long planes = planes(stage);
        tally.conv(planes, 3, stride(stage, block)).norm().conv(planes, 3, 1).norm();
      }
    }
    return tally.globalMean().linear(outputs).census();
  }

  @Override
  public OnnxValue onnx(OnnxGraph graph) {
    OnnxValue x = graph.input().conv("conv1", 1).norm("bn1").relu();
    for (int stage = 0; stage < STAGES; stage++) {
      for (int block = 0; block < blocks(); block++) {
        String layer = "layer" + (stage + 1) + "." + block + ".";
        long stride = stride(stage, block);
        OnnxValue inner = x.conv(layer + "conv1", stride).norm(layer + "bn1").relu();
        OnnxValue beside = stride == 1 ? x : x.everySecond(2, 3).padChannels(planes(stage) / 4);
        x = inner.conv(layer + "conv2", 1).norm(layer + "bn2").plus(beside).relu();
      }
    }
    return x.globalMean().linear("linear");
  }

  private int blocks() {
    return (depth - 2) / 6;
  }

  private static long planes(int stage) {
    return (long) FIRST << stage;
  }

  private static long stride(int stage, int block) {
    return stage > 0 && block == 0 ? 2 : 1;
  }

  /** N(0, √(2 / (k²·in))), for a convolution's or a linear layer's weight. */
  private static void start(Tensor weight) {
    torch.normal_(weight, 0, Math.sqrt(2.0 * weight.size(0) / weight.numel()));
  }

  private static Conv2dImpl conv(long in, long out, long stride) {
    Conv2dImpl conv = Layers.conv(in, out, 3, stride);
    start(conv.weight());
    return conv;
  }

  private static final class Net extends Module implements Model {
    private final Conv2dImpl first;
    private final BatchNorm2dImpl norm;
    private final List<Block> blocks = new ArrayList<>();
    private final LinearImpl classifier;

    Net(CifarResNet spec, long channels, int outputs) {
      super("CifarResNet");
      first = register_module("conv1", conv(channels, FIRST, 1));
      norm = register_module("bn1", Layers.norm(FIRST));
      long in = FIRST;
      for (int stage = 0; stage < STAGES; stage++) {
        Module layer = register_module("layer" + (stage + 1), new Module("Stage"));
        for (int index = 0; index < spec.blocks(); index++) {
          Block block = new Block(in, planes(stage), stride(stage, index));
          blocks.add(layer.register_module(String.valueOf(index), block));
          in = planes(stage);
        }
      }
      classifier = register_module("linear", new LinearImpl(in, outputs));
      start(classifier.weight());
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
      return Layers.rectify(norm.forward(first.forward(Layers.channelsLast(inputs))));
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
      return Pretrained.withHead("linear.weight", "linear.bias");
    }
  }

  /** Convolution, norm, ReLU, convolution, norm, plus the input, ReLU. */
  private static final class Block extends Module implements Layers.Step {
    private final Conv2dImpl conv1;
    private final BatchNorm2dImpl norm1;
    private final Conv2dImpl conv2;
    private final BatchNorm2dImpl norm2;
    private final long stride;
    private final long padding;

    Block(long in, long planes, long stride) {
      super("Block");
      this.stride = stride;
      padding = (planes - in) / 2;
      conv1 = register_module("conv1", conv(in, planes, stride));
      norm1 = register_module("bn1", Layers.norm(planes));
      conv2 = register_module("conv2", conv(planes, planes, 1));
      norm2 = register_module("bn2", Layers.norm(planes));
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor x = Layers.pass(conv1.forward(input), norm1::forward);
      x = Layers.pass(Layers.rectify(x), conv2::forward);
      x = Layers.pass(x, norm2::forward);
      return Layers.rectify(Layers.accumulate(x, shortcut(input)));
    }

    private Tensor shortcut(Tensor input) {
      if (stride == 1) {
        return input;
      }
      return torch.pad(everySecond(everySecond(input, 2), 3), 0, 0, 0, 0, padding, padding);
    }

    private static Tensor everySecond(Tensor maps, long axis) {
      return maps.slice(axis, new LongOptional(), new LongOptional(), 2);
    }
  }
}
