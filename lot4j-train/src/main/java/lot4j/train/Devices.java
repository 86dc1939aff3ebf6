package lot4j.train;

import org.bytedeco.pytorch.global.torch;

/** Where the engine computes. */
public final class Devices {
  private Devices() {}

  /** The device that a configuration's {@code device} means here: auto is cuda if there is one. */
  public static String resolved(String configured) {
    if (!configured.equals("auto")) {
      return configured;
    }
    return torch.cuda_is_available() ? "cuda" : "cpu";
  }
}
