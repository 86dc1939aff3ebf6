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
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * MobileNetV2, as torchvision has it: inverted residual blocks of depthwise convolutions.
 *
 * <p>A 3×3 convolution at stride 2, seventeen blocks (1×1 up to six times the channels, depthwise
 * 3×3, 1×1 down without ReLU, the input added where it fits), a 1×1 convolution, the mean over all
 * places, dropout and a linear layer. The nonlinearity is min(max(x, 0), 6).
 *
 * <p>Convolutions have no bias and start from N(0, √(2 / (k²·out))), the linear weight from N(0,
 * 0.01), its bias from 0. Any image of 17×17 or more is taken: then every halving still finds two
 * places.
 *
 * <p>Source: M. Sandler, A. Howard, M. Zhu, A. Zhmoginov, L.-C. Chen, "MobileNetV2: Inverted
 * Residuals and Linear Bottlenecks", CVPR 2018, arXiv 1801.04381; parameter names and
 * initialisation as in torchvision.
 *
 * @param width factor on all channel counts, which are rounded to multiples of 8; above 0
 * @param dropout probability with which a feature is set to 0 in training, [0, 1)
 */
public record MobileNetV2(double width, double dropout) implements ModelSpec {
  /** The rows of the paper's table 2, without the first and the last convolution. */
  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 16, 1, 1),
          new Stage(6, 24, 2, 2),
          new Stage(6, 32, 3, 2),
          new Stage(6, 64, 4, 2),
          new Stage(6, 96, 3, 1),
          new Stage(6, 160, 3, 2),
          new Stage(6, 320, 1, 1));

  private static final int FIRST = 32;
  private static final int LAST = 1280;
  private static final long LEAST = 17;

  /** Checks the numbers. */
  public MobileNetV2 {
    Require.that(width > 0 && width <= 100, "width", width, "a number above 0, at most 100");
    Require.below("dropout", dropout, 0, 1);
  }

  /** The published size, width 1, with dropout 0.2. */
  public MobileNetV2() {
    this(1, 0.2);
  }

  @Override
  public Model build(Shape input, int outputs) {
    Tally.of("MobileNetV2", input, outputs, LEAST);
    return new Net(this, input.size(0), outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(last());
  }

  @Override
  public Census census(Shape input, int outputs) {
    Tally tally = Tally.of("MobileNetV2", input, outputs, LEAST).conv(first(), 3, 2).norm();
    for (Plan plan : plans()) {
      if (plan.hidden() != plan.in()) {
        tally.conv(plan.hidden(), 1, 1).norm();
      }
      tally.conv(plan.hidden(), 3, plan.stride(), plan.hidden()).norm();
      tally.conv(plan.out(), 1, 1).norm();
    }
    return tally.conv(last(), 1, 1).norm().globalMean().linear(outputs).census();
  }

  private long first() {
    return rounded(FIRST * width);
  }

  private long last() {
    return rounded(LAST * Math.max(1, width));
  }

  /** All blocks in order. */
  private List<Plan> plans() {
    List<Plan> plans = new ArrayList<>();
    long in = first();
    for (Stage stage : STAGES) {
      long out = rounded(stage.channels() * width);
      for (int block = 0; block < stage.blocks(); block++) {
        plans.add(new Plan(in, in * stage.expansion(), out, block == 0 ? stage.stride() : 1));
        in = out;
      }
    }
    return plans;
  }

  /** The nearest multiple of 8, at least 8, and not more than a tenth below {@code channels}. */
  private static long rounded(double channels) {
    long nearest = Math.max(8, (long) (channels + 4) / 8 * 8);
    return nearest < 0.9 * channels ? nearest + 8 : nearest;
  }

  /** A row of the table: the first block has the stride. */
  private record Stage(int expansion, int channels, int blocks, int stride) {}

  /** One block's channels and stride. */
  private record Plan(long in, long hidden, long out, long stride) {}

  private static final class Net extends Module implements Model {
    private final List<Layers.Step> features = new ArrayList<>();
    private final LinearImpl classifier;
    private final double dropout;

    Net(MobileNetV2 spec, long channels, int outputs) {
      super("MobileNetV2");
      dropout = spec.dropout();
      Module all = register_module("features", new Module("Features"));
      features.add(all.register_module("0", new ConvNorm(channels, spec.first(), 3, 2, 1)));
      long in = spec.first();
      for (Plan plan : spec.plans()) {
        Block block = all.register_module(String.valueOf(features.size()), new Block(plan));
        features.add(block);
        in = plan.out();
      }
      String index = String.valueOf(features.size());
      features.add(all.register_module(index, new ConvNorm(in, spec.last(), 1, 1, 1)));
      Module head = register_module("classifier", new Module("Classifier"));
      classifier = head.register_module("1", new LinearImpl(spec.last(), outputs));
      torch.normal_(classifier.weight(), 0, 0.01);
      torch.zeros_(classifier.bias());
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Layers.classified(() -> features(inputs), classifier);
    }

    private Tensor features(Tensor inputs) {
      Tensor images = Layers.channelsLast(inputs);
      Tensor maps = Layers.keepingResult(() -> features.get(0).forward(images));
      Tensor x = Layers.globalMean(Layers.sequence(maps, features.subList(1, features.size())));
      if (stochastic()) {
        x = torch.dropout(x, dropout, is_training());
      }
      return x;
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return dropout > 0;
    }

    @Override
    public Pretrained pretrained() {
      return Pretrained.withHead("classifier.1.weight", "classifier.1.bias");
    }
  }

  /** Convolution, norm and ReLU6. */
  private static final class ConvNorm extends Module implements Layers.Step {
    private final Conv2dImpl conv;
    private final BatchNorm2dImpl norm;

    ConvNorm(long in, long out, long kernel, long stride, long groups) {
      super("ConvNorm");
      conv = register_module("0", Layers.fanOut(Layers.conv(in, out, kernel, stride, groups)));
      norm = register_module("1", Layers.norm(out));
    }

    @Override
    public Tensor forward(Tensor maps) {
      Tensor x = norm.forward(conv.forward(maps));
      torch.relu6_(x);
      return x;
    }
  }

  /** An inverted residual: up, depthwise, down without ReLU. */
  private static final class Block extends Module implements Layers.Step {
    private final List<ConvNorm> up = new ArrayList<>();
    private final Conv2dImpl down;
    private final BatchNorm2dImpl norm;
    private final boolean residual;

    Block(Plan plan) {
      super("Block");
      Module conv = register_module("conv", new Module("Layers"));
      long hidden = plan.hidden();
      if (hidden != plan.in()) {
        up.add(conv.register_module("0", new ConvNorm(plan.in(), hidden, 1, 1, 1)));
      }
      int next = up.size();
      up.add(
          conv.register_module(
              String.valueOf(next), new ConvNorm(hidden, hidden, 3, plan.stride(), hidden)));
      down =
          conv.register_module(
              String.valueOf(next + 1), Layers.fanOut(Layers.conv(hidden, plan.out(), 1, 1)));
      norm = conv.register_module(String.valueOf(next + 2), Layers.norm(plan.out()));
      residual = plan.stride() == 1 && plan.in() == plan.out();
    }

    @Override
    public Tensor forward(Tensor input) {
      Tensor x = input;
      for (ConvNorm step : up) {
        x = step.forward(x);
      }
      x = norm.forward(down.forward(x));
      return residual ? Layers.accumulate(x, input) : x;
    }
  }
}
