package lot4j.cli;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How this very program is started again elsewhere: the same Java, flags and classes. */
final class OwnProgram {
  /** The class that is the program. */
  static final String MAIN = "lot4j.cli.Main";

  private static final List<String> DECIDING =
      List.of("MALLOC_", "OPENBLAS_", "OMP_", "MKL_", "DNNL_", "ONEDNN_", "ATEN_", "GLIBC_");

  private OwnProgram() {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * The command that starts it again here, to which its own arguments are added.
   *
   * @param more flags for Java besides this process's own
   */
  static List<String> command(String... more) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(flags(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    command.addAll(List.of(more));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return command;
  }

  /** Those of a debugger or an agent belong to this process alone. */
  private static List<String> flags(List<String> all) {
    return all.stream()
        .filter(flag -> !flag.startsWith("-agentlib") && !flag.startsWith("-javaagent"))
        .toList();
  }

  /** A file of arguments for {@code java}: this process's flags and class path, one a line. */
  static String arguments() {
    return arguments(
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        System.getProperty("java.class.path"));
  }

  /** The same of any; flags that look like secrets are left out, for others may read the file. */
  static String arguments(List<String> flags, String classPath) {
    List<String> arguments = new ArrayList<>();
    for (String flag : flags(flags)) {
      String lower = flag.toLowerCase(Locale.ROOT);
      if (Stream.of("password", "secret", "token").noneMatch(lower::contains)) {
        arguments.add(flag);
      }
    }
    arguments.add("-Dlot.terminal=false");
    arguments.add("-cp");
    arguments.add(
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator)));
    return arguments.stream().map(OwnProgram::quoted).collect(Collectors.joining("\n")) + "\n";
  }

  private static String quoted(String argument) {
    return "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Variables of this process that change the engine's speed or bits. */
  static Map<String, String> variables() {
    Map<String, String> deciding = new TreeMap<>();
    System.getenv()
        .forEach(
            (name, value) -> {
              boolean plain = name.matches("[A-Za-z0-9_]+") && !value.contains("\n");
              if (plain && DECIDING.stream().anyMatch(name::startsWith)) {
                deciding.put(name, value);
              }
            });
    return deciding;
  }
}
