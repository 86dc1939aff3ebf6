package lot4j.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.global.torch;

/** What a result depends on besides its configuration: versions and the processor's abilities. */
public final class Provenance {
  private static final List<String> KERNELS =
      List.of("amx_bf16", "avx512_bf16", "avx512_fp16", "avx_vnni");

  private Provenance() {}

  /** Versions by name: {@code lot4j}, {@code libtorch}, {@code java}. */
  public static Map<String, String> versions() {
    return Built.VERSIONS;
  }

  /**
   * What is the same as long as the process lives is found out once, when it is first asked for.
   */
  private static final class Built {
    private static final Map<String, String> VERSIONS = Collections.unmodifiableMap(read());
  }

  private static final class Cpu {
    private static final String CAPABILITY = read();

    private static String read() {
      try (BytePointer name = torch.get_cpu_capability()) {
        return capability(name.getString(), flags());
      }
    }
  }

  private static Map<String, String> read() {
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

  /**
   * The instruction sets that the engine's kernels use: its own, {@code AVX512} for instance, and
   * after it, with plus signs, those by which oneDNN chooses other kernels within it, whose sums
   * end in other bits: {@code AVX512+amx_bf16+avx512_bf16}.
   */
  public static String cpuCapability() {
    return Cpu.CAPABILITY;
  }

  static String capability(String engine, Set<String> flags) {
    return Stream.concat(Stream.of(engine), KERNELS.stream().filter(flags::contains))
        .collect(Collectors.joining("+"));
  }

  /** What the processor can do, as Linux names it; nothing elsewhere. */
  private static Set<String> flags() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .<Set<String>>map(line -> new HashSet<>(Arrays.asList(line.split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException | UncheckedIOException notLinux) {
      return Set.of();
    }
  }
}
