package lot4j.train;

import lot4j.Model;
import lot4j.Network;
import lot4j.config.Execution;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/** Where tensors live. */
public final class Devices {
  private Devices() {}

  /** The device that a configured name means here: {@code auto} is cuda where there is one. */
  public static String resolved(String configured) {
    return configured.equals("auto") ? (torch.cuda_is_available() ? "cuda" : "cpu") : configured;
  }

  /** Moves a model to its device; the network as it is called there, in its precision. */
  static Network placed(Model model, Execution execution) {
    Network network = execution.precision().around(model);
    String where = resolved(execution.device());
    if (where.equals("cpu")) {
      return network;
    }
    Device device = new Device(where);
    model.module().to(device, false);
    return (inputs, memory) -> network.forward(inputs.to(device, inputs.scalar_type()), memory);
  }
}
