package lot4j.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.global.torch;

/** What a result depends on besides its configuration: versions and the processor's abilities. */
public final class Provenance {
  private Provenance() {}

  /** Versions by name: {@code lot4j}, {@code libtorch}, {@code java}. */
  public static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put(
        "lot4j",
        Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
            .orElse("unpackaged"));
    versions.put("libtorch", torch.TORCH_VERSION);
    versions.put("java", System.getProperty("java.version"));
    return versions;
  }

  /** The instruction set that the engine's kernels use, {@code AVX512} for instance. */
  public static String cpuCapability() {
    try (BytePointer name = torch.get_cpu_capability()) {
      return name.getString();
    }
  }
}
