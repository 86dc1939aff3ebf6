package lot4j.model.language;

import java.util.ArrayList;
import java.util.List;
import lot4j.Census;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The parameters of LSTM layers, laid out as the engine's own. */
final class Recurrence {
  private Recurrence() {}

  /** One layer for one token: two matrices and two biases for four gates. */
  static Census census(long in, long hidden) {
    long weights = 4 * hidden * (in + hidden);
    return new Census(weights + 8 * hidden, weights);
  }

  /**
   * Registers one layer's four parameters, from U(±1/√hidden).
   *
   * @return weight_ih [4·hidden, in], weight_hh [4·hidden, hidden], bias_ih, bias_hh [4·hidden]
   */
  static List<Tensor> parameters(Module owner, String suffix, long in, long hidden) {
    double range = 1 / Math.sqrt(hidden);
    List<Tensor> made = new ArrayList<>();
    made.add(uniform(owner, "weight_ih" + suffix, range, 4 * hidden, in));
    made.add(uniform(owner, "weight_hh" + suffix, range, 4 * hidden, hidden));
    made.add(uniform(owner, "bias_ih" + suffix, range, 4 * hidden));
    made.add(uniform(owner, "bias_hh" + suffix, range, 4 * hidden));
    return made;
  }

  /** Registers a parameter from U(±range); of zeros, without drawing, if {@code range} is 0. */
  static Tensor uniform(Module owner, String name, double range, long... sizes) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor made = torch.zeros(sizes);
      if (range > 0) {
        torch.uniform_(made, -range, range);
      }
      owner.register_parameter(name, made);
      return made;
    }
  }
}
