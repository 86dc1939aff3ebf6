package lot4j.train;

import org.bytedeco.pytorch.global.torch;

/** Where tensors live. */
public final class Devices {
  private Devices() {}

  /** The device that a configured name means here: {@code auto} is cuda where there is one. */
  public static String resolved(String configured) {
    return configured.equals("auto") ? (torch.cuda_is_available() ? "cuda" : "cpu") : configured;
  }
}
