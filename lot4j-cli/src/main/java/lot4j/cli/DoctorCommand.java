package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import lot4j.data.DataSets;
import lot4j.data.DataStore;
import lot4j.train.Provenance;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Whether training could work here. */
@Command(
    name = "doctor",
    description =
        "JDK, libtorch, devices, threads, memory, data; exit code 1 if training cannot work.")
final class DoctorCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private DataOptions data = new DataOptions();

  @Override
  public Integer call() {
    Console console = main.console();
    console.result(
        "java      "
            + System.getProperty("java.version")
            + ", "
            + System.getProperty("java.vendor"));
    boolean works = true;
    try (PointerScope scope = new PointerScope()) {
      Map<String, String> versions = Provenance.versions();
      Tensor a = torch.ones(64, 64);
      works = a.matmul(a).sum().item_double() == 64.0 * 64 * 64;
      console.result(
          "libtorch  "
              + versions.get("libtorch")
              + ", "
              + Provenance.cpuCapability()
              + (works ? ", computes" : ", computes WRONG results"));
      console.result("device    " + (torch.cuda_is_available() ? "cuda" : "cpu"));
    } catch (UnsatisfiedLinkError e) {
      works = false;
      console.error("libtorch: its native library cannot be loaded: " + e.getMessage());
    }
    console.result("cores     " + Runtime.getRuntime().availableProcessors());
    console.result("heap      " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB at most");
    memory(console);
    boolean flags = "0".equals(System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes"));
    console.result("flags     " + (flags ? "as ./lot sets them" : "not those of ./lot: slower"));
    Path directory = data.directory();
    console.result("data      " + directory + (Files.isDirectory(directory) ? "" : " (not there)"));
    DataStore store = new DataStore(directory);
    DataSets.all()
        .forEach(
            set ->
                console.result(
                    "          "
                        + set.name()
                        + ": "
                        + (set.builtIn() ? "built in" : store.has(set) ? "found" : "not found")));
    console.result(works ? "training can work" : "training cannot work");
    return works ? Exit.DONE : Exit.FAILED;
  }

  private static void memory(Console console) {
    if (java.lang.management.ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      console.result(
          "memory    "
              + system.getFreeMemorySize() / (1 << 20)
              + " MiB free of "
              + system.getTotalMemorySize() / (1 << 20));
    }
  }
}
