package lot4j.rl.policy;

import java.util.ArrayList;
import java.util.List;
import lot4j.Census;
import lot4j.Memory;
import lot4j.Model;
import lot4j.Output;
import lot4j.Require;
import lot4j.Shape;
import lot4j.rl.ActionSpace;
import lot4j.rl.PolicySpec;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * A small network for small grids: 3×3 convolutions without padding, a hidden layer, ReLU after
 * each, then actor and critic. It begins orthogonal, gain √2, 0.01 for the actor and 1 for the
 * critic, biases 0. Layers are {@code conv0}, …, {@code hidden}, {@code actor}, {@code critic}.
 *
 * <p>Source: K. Young and T. Tian, "MinAtar", arXiv 1903.03176, 2019: one convolution of 16 filters
 * and a layer of 128.
 *
 * @param channels filters of each convolution, first to last
 * @param hidden size of the layer before the heads
 */
public record GridCnn(List<Integer> channels, int hidden) implements PolicySpec {
  private static final long KERNEL = 3;

  public GridCnn {
    channels = List.copyOf(channels);
    Require.that(!channels.isEmpty(), "channels", channels, "at least one convolution");
    channels.forEach(size -> Require.atLeast("channels", size, 1));
    Require.atLeast("hidden", hidden, 1);
  }

  /** One convolution of 16, a layer of 128. */
  public GridCnn() {
    this(List.of(16), 128);
  }

  @Override
  public Model build(Shape input, ActionSpace actions) {
    return new Net(this, input, actions);
  }

  @Override
  public Census census(Shape input, ActionSpace actions) {
    long features = features(input);
    Census sum = Census.NONE;
    long in = input.size(0);
    for (int i = 0; i < channels.size(); i++) {
      long cut = (KERNEL - 1) * (i + 1);
      long out = channels.get(i);
      sum = sum.plus(Census.conv(in, out, KERNEL, input.size(1) - cut, input.size(2) - cut, true));
      in = out;
    }
    return sum.plus(Census.linear(features, hidden, true)).plus(TwoHeads.census(hidden, actions));
  }

  /** Numbers that the convolutions leave. */
  private long features(Shape input) {
    long cut = (KERNEL - 1) * channels.size();
    Require.that(
        !input.tokens() && input.rank() == 3 && input.size(1) > cut && input.size(2) > cut,
        "input",
        input,
        "[channels, height, width], larger than " + cut + "x" + cut);
    return channels.get(channels.size() - 1) * (input.size(1) - cut) * (input.size(2) - cut);
  }

  private static final class Net extends Module implements Model {
    private final List<Conv2dImpl> convolutions = new ArrayList<>();
    private final LinearImpl hidden;
    private final TwoHeads heads;

    Net(GridCnn spec, Shape input, ActionSpace actions) {
      super("GridCnn");
      long features = spec.features(input);
      long in = input.size(0);
      for (int out : spec.channels()) {
        Conv2dOptions options =
            new Conv2dOptions(in, out, new LongPointer(new long[] {KERNEL, KERNEL}));
        convolutions.add(
            register_module(
                "conv" + convolutions.size(),
                Heads.orthogonal(new Conv2dImpl(options), Heads.HIDDEN)));
        in = out;
      }
      hidden =
          register_module(
              "hidden", Heads.orthogonal(new LinearImpl(features, spec.hidden()), Heads.HIDDEN));
      heads = new TwoHeads(this, spec.hidden(), actions);
    }

    @Override
    public Output forward(Tensor inputs, Memory memory) {
      return Heads.asked(() -> output(inputs));
    }

    private Output output(Tensor inputs) {
      Tensor maps = inputs;
      for (Conv2dImpl convolution : convolutions) {
        maps = Heads.relu(convolution.forward(maps));
      }
      Tensor features = Heads.relu(hidden.forward(maps.flatten(1, -1)));
      return heads.output(features);
    }

    @Override
    public Module module() {
      return this;
    }

    @Override
    public boolean stochastic() {
      return false;
    }
  }
}
