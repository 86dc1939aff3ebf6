package lot4j.cli;

import java.util.Map;
import java.util.stream.Stream;
import lot4j.train.Provenance;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints. The engine is not loaded for it unless this is a build with CUDA,
 * where only the engine knows whether there is a device.
 */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Map<String, String> versions = Provenance.versions();
    return new String[] {
      "lot4j " + versions.get("lot4j"),
      "libtorch " + versions.get("libtorch"),
      "java " + versions.get("java"),
      "device " + (builtWithCuda() && torch.cuda_is_available() ? "cuda" : "cpu"),
      "threads " + Runtime.getRuntime().availableProcessors()
    };
  }

  private static boolean builtWithCuda() {
    return Stream.of("linux-x86_64-gpu/libjnitorch.so", "windows-x86_64-gpu/jnitorch.dll")
        .anyMatch(file -> Version.class.getResource("/org/bytedeco/pytorch/" + file) != null);
  }
}
