package lot4j.model.language;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Parameters that start from a normal distribution, drawn from the engine's global generator. */
final class Drawn {
  private Drawn() {}

  /**
   * Registers a float32 parameter.
   *
   * @param deviation standard deviation, 0 or more; with 0 nothing is drawn
   * @return the parameter, to be kept: what registering returns is only borrowed
   */
  static Tensor normal(Module owner, String name, double mean, double deviation, long... sizes) {
    try (NoGradGuard constant = new NoGradGuard()) {
      Tensor made = torch.empty(sizes);
      if (deviation > 0) {
        torch.normal_(made, mean, deviation);
      } else {
        torch.constant_(made, new Scalar(mean));
      }
      owner.register_parameter(name, made);
      return made;
    }
  }
}
