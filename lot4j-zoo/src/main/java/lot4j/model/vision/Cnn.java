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
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A small convolutional network: blocks of 3×3 convolution, batch norm, ReLU and 2×2 maximum, then
 * one hidden linear layer and the classifier.
 *
 * <p>Every block halves height and width, so {@code b} blocks need images of 2ᵇ×2ᵇ or more.
 * Parameters are named {@code conv1}, {@code bn1}, …, {@code fc1}, {@code fc2} and start from the
 * engine's defaults; convolutions have no bias, the norm behind them has.
 *
 * <p>Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
 * Document Recognition", Proceedings of the IEEE 86, 1998; S. Ioffe, C. Szegedy, "Batch
 * Normalization", ICML 2015, arXiv 1502.03167.
 *
 * @param channels output channels of the blocks, first to last; at least one block
 * @param hidden size of the hidden linear layer
 * @param dropout probability with which a hidden number is set to 0 in training, [0, 1)
 */
public record Cnn(List<Integer> channels, int hidden, double dropout)
    implements ModelSpec, OnnxModel {
  private static final int MOST_BLOCKS = 16;

  /** Checks the sizes. */
  public Cnn {
    channels = List.copyOf(channels);
    Require.that(
        !channels.isEmpty() && channels.size() <= MOST_BLOCKS,
        "channels",
        channels,
        "1 to " + MOST_BLOCKS + " numbers, one a block");
    channels.forEach(size -> Require.atLeast("channels", size, 1));
    Require.atLeast("hidden", hidden, 1);
    Require.below("dropout", dropout, 0, 1);
  }

  /** Blocks of 32 and 64 channels, 128 hidden, no dropout. */
  public Cnn() {
    this(List.of(32, 64), 128, 0);
  }

  @Override
  public Model build(Shape input, int outputs) {
    return new Net(this, input.size(0), blocks(input, outputs).features(), outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(hidden);
  }

  @Override
  public Census census(Shape input, int outputs) {
    return blocks(input, outputs).linear(hidden).linear(outputs).census();
  }

  @Override
  public OnnxValue onnx(OnnxGraph graph) {
    OnnxValue x = graph.input();
    for (int i = 1; i <= channels.size(); i++) {
      x = x.conv("conv" + i, 1).norm("bn" + i).relu().maxPool(2, 2, 0);
    }
    return x.flatten().linear("fc1").relu().linear("fc2");
  }

  private Tally blocks(Shape input, int outputs) {
    Tally tally = Tally.of("Cnn", input, outputs, 1L << channels.size());
    channels.forEach(out -> tally.conv(out, 3, 1).norm().pool());
    return tally;
  }

  private static final class Net extends Module implements Model {
    private final List<Conv2dImpl> convs = new ArrayList<>();
    private final List<BatchNorm2dImpl> norms = new ArrayList<>();
    private final LinearImpl hidden;
    private final LinearImpl classifier;
    private final double dropout;

    Net(Cnn spec, long channels, long features, int outputs) {
      super("Cnn");
      dropout = spec.dropout();
      long in = channels;
      for (int out : spec.channels()) {
        String index = String.valueOf(convs.size() + 1);
        convs.add(register_module("conv" + index, Layers.conv(in, out, 3, 1)));
        norms.add(register_module("bn" + index, Layers.norm(out)));
        in = out;
      }
      hidden = register_module("fc1", new LinearImpl(features, spec.hidden()));
      classifier = register_module("fc2", new LinearImpl(spec.hidden(), outputs));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Layers.classified(() -> features(inputs), classifier);
    }

    private Tensor features(Tensor inputs) {
      Tensor x = Layers.channelsLast(inputs);
      for (int i = 0; i < convs.size(); i++) {
        Conv2dImpl conv = convs.get(i);
        BatchNorm2dImpl norm = norms.get(i);
        Tensor before = x;
        x = Layers.keepingResult(() -> block(conv, norm, before));
      }
      x = torch.relu(hidden.forward(x.flatten(1, -1)));
      if (stochastic()) {
        x = torch.dropout(x, dropout, is_training());
      }
      return x;
    }

    private static Tensor block(Conv2dImpl conv, BatchNorm2dImpl norm, Tensor maps) {
      return torch.max_pool2d(Layers.rectify(norm.forward(conv.forward(maps))), 2, 2);
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
      return Pretrained.withHead("fc2.weight", "fc2.bias");
    }
  }
}
