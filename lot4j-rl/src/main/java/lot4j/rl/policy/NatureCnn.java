package lot4j.rl.policy;

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
 * The network of the Atari experiments: three convolutions (32 of 8×8 at stride 4, 64 of 4×4 at
 * stride 2, 64 of 3×3), a layer of 512, ReLU after each, then actor and critic.
 *
 * <p>It begins orthogonal, gain √2, 0.01 for the actor and 1 for the critic, biases 0. For [4, 84,
 * 84] and A actions it has 1,684,641 + 513·A parameters. Names are those of a PyTorch {@code
 * Sequential} called {@code network}: {@code network.0}, {@code .2}, {@code .4}, {@code .7}, then
 * {@code actor} and {@code critic}.
 *
 * <p>Source: V. Mnih et al., "Human-level control through deep reinforcement learning", Nature 518,
 * 2015; as an actor-critic in J. Schulman et al., 2017.
 *
 * @param hidden size of the layer before the heads
 */
public record NatureCnn(int hidden) implements PolicySpec {
  private static final long[] FILTERS = {32, 64, 64};
  private static final long[] KERNELS = {8, 4, 3};
  private static final long[] STRIDES = {4, 2, 1};

  public NatureCnn {
    Require.atLeast("hidden", hidden, 1);
  }

  /** 512 before the heads. */
  public NatureCnn() {
    this(512);
  }

  @Override
  public Model build(Shape input, ActionSpace actions) {
    return new Net(this, input, actions);
  }

  @Override
  public Census census(Shape input, ActionSpace actions) {
    long[] height = sizes(input, 1);
    long[] width = sizes(input, 2);
    Census sum = Census.NONE;
    long channels = input.size(0);
    for (int i = 0; i < 3; i++) {
      sum =
          sum.plus(
              Census.conv(channels, FILTERS[i], KERNELS[i], height[i + 1], width[i + 1], true));
      channels = FILTERS[i];
    }
    return sum.plus(Census.linear(channels * height[3] * width[3], hidden, true))
        .plus(TwoHeads.census(hidden, actions));
  }

  /** An axis before and after each convolution. */
  private static long[] sizes(Shape input, int axis) {
    Require.that(!input.tokens() && input.rank() == 3, "input", input, "[channels, height, width]");
    long[] sizes = new long[4];
    sizes[0] = input.size(axis);
    for (int i = 0; i < 3; i++) {
      Require.that(
          sizes[i] >= KERNELS[i], "input", input, "36x36 or more, for NatureCnn's convolutions");
      sizes[i + 1] = (sizes[i] - KERNELS[i]) / STRIDES[i] + 1;
    }
    return sizes;
  }

  private static final class Net extends Module implements Model {
    private final Conv2dImpl[] convolutions = new Conv2dImpl[3];
    private final LinearImpl full;
    private final TwoHeads heads;

    Net(NatureCnn spec, Shape input, ActionSpace actions) {
      super("NatureCnn");
      Module network = register_module("network", new Module("Network"));
      long channels = input.size(0);
      for (int i = 0; i < 3; i++) {
        Conv2dOptions options =
            new Conv2dOptions(channels, FILTERS[i], new LongPointer(pair(KERNELS[i])));
        options.stride().put(pair(STRIDES[i]));
        convolutions[i] =
            network.register_module(
                String.valueOf(2 * i), Heads.orthogonal(new Conv2dImpl(options), Heads.HIDDEN));
        channels = FILTERS[i];
      }
      long features = channels * sizes(input, 1)[3] * sizes(input, 2)[3];
      full =
          network.register_module(
              "7", Heads.orthogonal(new LinearImpl(features, spec.hidden()), Heads.HIDDEN));
      heads = new TwoHeads(this, spec.hidden(), actions);
    }

    private static long[] pair(long size) {
      return new long[] {size, size};
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
      Tensor features = Heads.relu(full.forward(maps.flatten(1, -1)));
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
