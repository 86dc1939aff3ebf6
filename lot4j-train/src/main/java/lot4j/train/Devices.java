package lot4j.train;

import org.bytedeco.pytorch.global.torch;

<<<<<<< HEAD
/** Where tensors live. */
public final class Devices {
  private Devices() {}

  /** The device that a configured name means here: {@code auto} is cuda where there is one. */
  public static String resolved(String configured) {
    return configured.equals("auto") ? (torch.cuda_is_available() ? "cuda" : "cpu") : configured;
=======
/** Where the engine computes. */
public final class Devices {
  private Devices() {}

  /** The device that a configuration's {@code device} means here: auto is cuda if there is one. */
  public static String resolved(String configured) {
    if (!configured.equals("auto")) {
      return configured;
    }
    return torch.cuda_is_available() ? "cuda" : "cpu";
>>>>>>> traintests
  }
}
