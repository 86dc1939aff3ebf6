package lot4j.model.vision;

import lot4j.onnx.OnnxValue;
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

    @Override
    OnnxValue apply(OnnxValue x) {
      return x.relu();
    }
  },
  /** The hyperbolic tangent. */
  TANH {
    @Override
    Tensor apply(Tensor x) {
      return torch.tanh(x);
    }

    @Override
    OnnxValue apply(OnnxValue x) {
      return x.tanh();
    }
  },
  /** x·Φ(x) with the exact normal distribution function; D. Hendrycks, K. Gimpel, 2016. */
  GELU {
    @Override
    Tensor apply(Tensor x) {
      return torch.gelu(x);
    }

    @Override
    OnnxValue apply(OnnxValue x) {
      return x.gelu();
    }
  };

  abstract Tensor apply(Tensor x);

  /** The same in a graph. */
  abstract OnnxValue apply(OnnxValue x);
}
