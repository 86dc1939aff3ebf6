package lot4j.train;

import java.util.LinkedHashMap;
import java.util.Map;
import lot4j.Distribution;
import lot4j.Network;
import lot4j.Output;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The number format of a forward pass. Weights, optimizer and losses are float32 in both; with
 * bfloat16 the engine's autocast computes matrix products and convolutions in it (P. Micikevicius
 * et al., "Mixed precision training", 2018; D. Kalamkar et al., "A study of bfloat16", 2019).
 */
public enum Precision {
  /** Everything in float32. */
  FLOAT32,
  /** Products in bfloat16, outputs handed on in float32. */
  BFLOAT16;

  /** {@code network} computed in this precision. */
  public Network around(Network network) {
    return this == FLOAT32
        ? network
        : (inputs, memory) -> {
          DeviceType device = inputs.is_cuda() ? DeviceType.CUDA : DeviceType.CPU;
          torch.set_autocast_dtype(device, ScalarType.BFloat16);
          torch.set_autocast_enabled(device, true);
          torch.increment_nesting();
          try {
            return single(network.forward(inputs, memory));
          } finally {
            if (torch.decrement_nesting() == 0) {
              torch.clear_cache();
            }
            torch.set_autocast_enabled(device, false);
          }
        };
  }

  private static Output single(Output output) {
    Distribution distribution = output.distribution();
    Distribution wide;
    if (distribution instanceof Distribution.Categorical categorical) {
      wide = new Distribution.Categorical(single(categorical.logits()));
    } else if (distribution instanceof Distribution.Projected projected) {
      // Its projection is called outside, piece by piece, in float32: casting the whole matrix for
      // each piece would take longer than the product saves.
      wide = new Distribution.Projected(single(projected.features()), projected.projection());
    } else if (distribution instanceof Distribution.DiagonalNormal normal) {
      wide = new Distribution.DiagonalNormal(single(normal.mean()), single(normal.logStd()));
    } else {
      throw new IllegalStateException("a distribution of an unknown kind: " + distribution);
    }
    Map<String, Tensor> extras = new LinkedHashMap<>();
    output.extras().forEach((name, tensor) -> extras.put(name, single(tensor)));
    return new Output(wide, extras);
  }

  private static Tensor single(Tensor tensor) {
    return tensor.to(ScalarType.Float);
  }
}
