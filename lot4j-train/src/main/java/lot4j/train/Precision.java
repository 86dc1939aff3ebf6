package lot4j.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lot4j.Distribution;
import lot4j.Network;
import lot4j.Output;
import lot4j.Projection;
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
          return lower(device, () -> single(network.forward(inputs, memory)));
        };
  }

  private static <R> R lower(DeviceType device, Supplier<R> body) {
    torch.set_autocast_dtype(device, ScalarType.BFloat16);
    torch.set_autocast_enabled(device, true);
    torch.increment_nesting();
    try {
      return body.get();
    } finally {
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache();
      }
      torch.set_autocast_enabled(device, false);
    }
  }

  private static Output single(Output output) {
    Distribution distribution = output.distribution();
    Distribution wide;
    if (distribution instanceof Distribution.Categorical categorical) {
      wide = new Distribution.Categorical(single(categorical.logits()));
    } else if (distribution instanceof Distribution.DiagonalNormal normal) {
      wide = new Distribution.DiagonalNormal(single(normal.mean()), single(normal.logStd()));
    } else if (distribution instanceof Distribution.Projected projected) {
      wide =
          new Distribution.Projected(
              single(projected.features()), new Lower(projected.projection()));
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

  /** A projection computed in bfloat16, its logits handed on in float32. */
  private record Lower(Projection of) implements Projection {
    @Override
    public Tensor logits(Tensor features) {
      DeviceType device = features.is_cuda() ? DeviceType.CUDA : DeviceType.CPU;
      return lower(device, () -> single(of.logits(features)));
    }

    @Override
    public List<Tensor> parameters() {
      return of.parameters();
    }

    @Override
    public Optional<Projection> copy() {
      return of.copy().map(Lower::new);
    }
  }
}
