package lot4j.model.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import lot4j.Census;
import lot4j.Distribution;
import lot4j.Memory;
import lot4j.Model;
import lot4j.ModelSpec;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import lot4j.onnx.OnnxGraph;
import lot4j.onnx.OnnxModel;
import lot4j.onnx.OnnxValue;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The ResNet for tables: a linear layer to {@code width}, {@code blocks} times {@code x +
 * Dropout(Linear(Dropout(ReLU(Linear(BatchNorm(x))))))}, then {@code Linear(ReLU(BatchNorm(x)))}.
 *
 * <p>Layers are called {@code first_layer}, {@code blocks.0.normalization}, {@code blocks.0.first},
 * {@code blocks.0.second}, …, {@code last_normalization}, {@code head}; they start from the
 * engine's defaults. A training batch of a single row has no statistics: it is normalised by the
 * running ones.
 *
 * <p>Source: Y. Gorishniy, I. Rubachev, V. Khrulkov, A. Babenko, "Revisiting deep learning models
 * for tabular data", NeurIPS 2021, section 3.2.
 *
 * @param blocks residual blocks, 1 or more
 * @param width of the main path, 1 or more
 * @param factor how much wider the inside of a block is, above 0
 * @param dropout within a block, [0, 1)
 * @param residualDropout at a block's end, [0, 1)
 */
public record TabularResNet(
    int blocks, int width, double factor, double dropout, double residualDropout)
    implements ModelSpec, OnnxModel {
  /** Checks the sizes. */
  public TabularResNet {
    Require.atLeast("blocks", blocks, 1);
    Require.atLeast("width", width, 1);
    Require.positive("factor", factor);
    Require.below("dropout", dropout, 0, 1);
    Require.below("residual-dropout", residualDropout, 0, 1);
  }

  /** Two blocks of 128, twice as wide inside, dropout 0.2 within a block. */
  public TabularResNet() {
    this(2, 128, 2, 0.2, 0);
  }

  private int inside() {
    return (int) Math.max(1, Math.round(width * factor));
  }

  @Override
  public Model build(Shape input, int outputs) {
    return new Net(this, features(input), outputs);
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(width);
  }

  @Override
  public Census census(Shape input, int outputs) {
    Require.atLeast("outputs", outputs, 1);
    Census block =
        Census.norm(width)
            .plus(Census.linear(width, inside(), true))
            .plus(Census.linear(inside(), width, true));
    return Census.linear(features(input), width, true)
        .plus(block.times(blocks))
        .plus(Census.norm(width))
        .plus(Census.linear(width, outputs, true));
  }

  @Override
  public OnnxValue onnx(OnnxGraph graph) {
    OnnxValue x = graph.input().linear("first_layer");
    for (int i = 0; i < blocks; i++) {
      String block = "blocks." + i + ".";
      OnnxValue inside = x.norm(block + "normalization").linear(block + "first").relu();
      x = x.plus(inside.linear(block + "second"));
    }
    return x.norm("last_normalization").relu().linear("head");
  }

  private static long features(Shape input) {
    Require.that(
        !input.tokens() && input.rank() == 1 && input.size(0) >= 1,
        "input",
        input,
        "TabularResNet takes rows of numbers: one axis, of 1 or more");
    return input.size(0);
  }

  private static final class Net extends Module implements Model {
    private final LinearImpl first;
    private final List<Block> blocks = new ArrayList<>();
    private final BatchNorm1dImpl norm;
    private final LinearImpl head;
    private final boolean stochastic;

    Net(TabularResNet spec, long features, int outputs) {
      super("TabularResNet");
      stochastic = spec.dropout() > 0 || spec.residualDropout() > 0;
      first = register_module("first_layer", new LinearImpl(features, spec.width()));
      Module list = new Module("blocks");
      for (int i = 0; i < spec.blocks(); i++) {
        Block block = new Block(spec);
        list.register_module(Integer.toString(i), block);
        blocks.add(block);
      }
      register_module("blocks", list);
      norm = register_module("last_normalization", norm(spec.width()));
      head = register_module("head", new LinearImpl(spec.width(), outputs));
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      Tensor x = first.forward(inputs);
      for (Block block : blocks) {
        x = block.forward(x);
      }
      Tensor hidden = torch.relu(normalised(norm, x, is_training()));
      return new Output(
          new Distribution.Categorical(head.forward(hidden)), Map.of(Output.FEATURES, hidden));
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return stochastic;
    }
  }

  private static final class Block extends Module {
    private final BatchNorm1dImpl norm;
    private final LinearImpl first;
    private final LinearImpl second;
    private final double dropout;
    private final double residualDropout;

    Block(TabularResNet spec) {
      super("Block");
      norm = register_module("normalization", norm(spec.width()));
      first = register_module("first", new LinearImpl(spec.width(), spec.inside()));
      second = register_module("second", new LinearImpl(spec.inside(), spec.width()));
      dropout = spec.dropout();
      residualDropout = spec.residualDropout();
    }

    Tensor forward(Tensor x) {
      Tensor inside = torch.relu(first.forward(normalised(norm, x, is_training())));
      Tensor out = second.forward(dropped(inside, dropout));
      return x.add(dropped(out, residualDropout));
    }

    private Tensor dropped(Tensor x, double probability) {
      return probability > 0 ? torch.dropout(x, probability, is_training()) : x;
    }
  }

  private static BatchNorm1dImpl norm(int features) {
    return new BatchNorm1dImpl(new BatchNormOptions(features));
  }

  private static Tensor normalised(BatchNorm1dImpl norm, Tensor x, boolean training) {
    if (!training || x.size(0) > 1) {
      return norm.forward(x);
    }
    boolean learns = norm.is_training(); // it does not where it is frozen
    norm.eval();
    try {
      return norm.forward(x);
    } finally {
      norm.train(learns);
    }
  }
}
