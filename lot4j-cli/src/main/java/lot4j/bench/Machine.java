package lot4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import lot4j.train.Provenance;

/** Where and with what something was measured. */
public final class Machine {
  private static final Path CPU = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** Facts by name, in reading order. */
  public static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("cpu", cpu());
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      facts.put("memory", system.getTotalMemorySize() / (1 << 20) + " MiB");
      facts.put("load", String.format(Locale.ROOT, "%.2f", system.getSystemLoadAverage()));
    }
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    Map<String, String> versions = Provenance.versions();
    facts.put("lot4j", versions.get("lot4j"));
    facts.put("libtorch", versions.get("libtorch") + " (" + Provenance.cpuCapability() + ")");
    facts.put("java", System.getProperty("java.vm.name") + " " + versions.get("java"));
    facts.put("flags", flags());
    facts.put("environment", environment());
    return facts;
  }

  private static String cpu() {
    try {
      return Files.readAllLines(CPU).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // not Linux
    }
  }

  /** The virtual machine's flags; those that hold a path tell nothing. */
  private static String flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.contains("/") && !flag.startsWith("-Dlot."))
        .collect(Collectors.joining(" "));
  }

  private static String environment() {
    return System.getenv().entrySet().stream()
        .filter(
            entry ->
                entry.getKey().matches("(MALLOC|GLIBC|OMP|OPENBLAS|KMP|GOMP|THP)_.*|LD_PRELOAD"))
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
