package lot4j.model.vision;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An elementwise nonlinearity. */
public enum Activation {
  /** max(x, 0). */
  RELU {
    @Override
    Tensor apply(Tensor x) {
      return torch.relu(x);
    }
  },
  /** The hyperbolic tangent. */
  TANH {
    @Override
    Tensor apply(Tensor x) {
      return torch.tanh(x);
    }
  },
  /** x·Φ(x) with the exact normal distribution function; D. Hendrycks, K. Gimpel, 2016. */
  GELU {
    @Override
    Tensor apply(Tensor x) {
      return torch.gelu(x);
    }
  };

  abstract Tensor apply(Tensor x);
}
