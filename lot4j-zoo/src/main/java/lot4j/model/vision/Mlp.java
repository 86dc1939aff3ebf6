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
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A multi-layer perceptron: linear layers with a nonlinearity and dropout between them.
 *
 * <p>Inputs of any shape are flattened. Layers are named {@code fc1}, {@code fc2}, … and start from
 * the engine's default, U(±1/√in) for weight and bias. Without hidden layers it is multinomial
 * logistic regression. It computes in whatever precision its module was converted to.
 *
 * <p>Source: D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating
 * errors", Nature 323, 1986.
 *
 * @param hidden sizes of the hidden layers, first to last
 * @param activation the nonlinearity after every hidden layer
 * @param dropout probability with which a hidden number is set to 0 in training, [0, 1)
 */
public record Mlp(List<Integer> hidden, Activation activation, double dropout)
    implements ModelSpec {
  /** Checks the sizes. */
  public Mlp {
    hidden = List.copyOf(hidden);
    hidden.forEach(size -> Require.atLeast("hidden", size, 1));
    Require.below("dropout", dropout, 0, 1);
  }

  /** Two hidden layers of 128 with ReLU, no dropout. */
  public Mlp() {
    this(List.of(128, 128), Activation.RELU, 0);
  }

  @Override
  public Model build(Shape input, int outputs) {
    return new Net(this, sizes(input, outputs));
  }

  @Override
  public OptionalLong features(Shape input, int outputs) {
    return OptionalLong.of(sizes(input, outputs).get(hidden.size()));
  }

  @Override
  public Census census(Shape input, int outputs) {
    List<Long> sizes = sizes(input, outputs);
    Census sum = Census.NONE;
    for (int i = 1; i < sizes.size(); i++) {
      sum = sum.plus(Census.linear(sizes.get(i - 1), sizes.get(i), true));
    }
    return sum;
  }

  private List<Long> sizes(Shape input, int outputs) {
    Require.that(
        !input.tokens() && input.rank() >= 1 && input.sizes().stream().allMatch(size -> size >= 1),
        "input",
        input,
        "Mlp takes measurements of one axis or more, each of 1 or more");
    Require.atLeast("outputs", outputs, 1);
    List<Long> sizes = new ArrayList<>(List.of(input.count()));
    hidden.forEach(size -> sizes.add((long) size));
    sizes.add((long) outputs);
    return sizes;
  }

  private static final class Net extends Module implements Model {
    private final List<LinearImpl> layers = new ArrayList<>();
    private final Activation activation;
    private final double dropout;

    Net(Mlp spec, List<Long> sizes) {
      super("Mlp");
      activation = spec.activation();
      dropout = spec.dropout();
      for (int i = 1; i < sizes.size(); i++) {
        layers.add(register_module("fc" + i, new LinearImpl(sizes.get(i - 1), sizes.get(i))));
      }
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Layers.classified(() -> features(inputs), layers.get(layers.size() - 1));
    }

    private Tensor features(Tensor inputs) {
      Tensor x = inputs.flatten(1, -1);
      for (LinearImpl layer : layers.subList(0, layers.size() - 1)) {
        x = activation.apply(layer.forward(x));
        if (stochastic()) {
          x = torch.dropout(x, dropout, is_training());
        }
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
      return Pretrained.withHead("fc" + layers.size() + ".weight", "fc" + layers.size() + ".bias");
    }
  }
}
