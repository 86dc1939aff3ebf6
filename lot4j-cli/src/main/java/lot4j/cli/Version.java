package lot4j.cli;

import java.util.Map;
import lot4j.train.Provenance;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Map<String, String> versions = Provenance.versions();
    return new String[] {
      "lot4j " + versions.get("lot4j"),
      "libtorch " + versions.get("libtorch") + " (" + Provenance.cpuCapability() + ")",
      "java " + versions.get("java"),
      "device " + (torch.cuda_is_available() ? "cuda" : "cpu"),
      "threads " + Runtime.getRuntime().availableProcessors()
    };
  }
}
