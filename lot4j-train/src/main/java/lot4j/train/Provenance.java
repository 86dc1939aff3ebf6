package lot4j.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.global.torch;

/** What a result depends on besides its configuration: versions and the processor's abilities. */
public final class Provenance {
  private Provenance() {}

  /** Versions by name: {@code lot4j}, {@code libtorch}, {@code java}. */
  public static Map<String, String> versions() {
    Properties built = new Properties();
    try (InputStream in = Provenance.class.getResourceAsStream("/lot4j/version.properties")) {
      built.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties: " + e.getMessage(), e);
    }
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("lot4j", built.getProperty("lot4j"));
    versions.put("libtorch", built.getProperty("libtorch"));
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
