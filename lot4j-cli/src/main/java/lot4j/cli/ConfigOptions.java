package lot4j.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.ExperimentConfig;
import lot4j.config.RunConfig;
import lot4j.preset.Presets;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands that take a configuration have in common. */
final class ConfigOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "CONFIG",
      description = "A preset's name ('lot presets' lists them) or a YAML file.")
  private Optional<String> config = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key, e.g. --set lot.alpha=0.5; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--seed", paramLabel = "N", description = "The run's seed, in place of 'seeds'.")
  private Optional<Long> seed = Optional.empty();

  @Option(names = "--threads", paramLabel = "N", description = "Threads of each run.")
  private Optional<Integer> threads = Optional.empty();

  @Option(names = "--device", paramLabel = "D", description = "cpu, cuda[:i] or auto.")
  private Optional<String> device = Optional.empty();

  @Mixin private DataOptions data = new DataOptions();

  private Optional<ConfigSource> made = Optional.empty();

  /** The comparison that CONFIG describes, with everything that its methods need. */
  ExperimentConfig read(Catalog catalog) {
    ExperimentConfig experiment = new ConfigReader(catalog).read(source(), changes());
    available(experiment.base());
    return experiment;
  }

  /** The one run that CONFIG's {@code method} describes. */
  RunConfig readRun(Catalog catalog) {
    RunConfig run = new ConfigReader(catalog).readRun(source(), changes());
    available(run);
    return run;
  }

  /** What stands for CONFIG on the command line. */
  Optional<String> given() {
    return config;
  }

  /** Every {@code key.path=value} that the command line gives. */
  List<String> changes() {
    List<String> all = new ArrayList<>(overrides);
    seed.ifPresent(n -> all.add("seeds=[" + n + "]"));
    threads.ifPresent(n -> all.add("threads=" + n));
    device.ifPresent(d -> all.add("device=" + d));
    return all;
  }

  /** A made configuration's text: as it is, or complete where the command line changes it. */
  String shown(ConfigSource source, Catalog catalog, RunConfig run) {
    return shown(source, new ConfigWriter(catalog).yaml(run));
  }

  /** The same of a comparison. */
  String shown(ConfigSource source, Catalog catalog, ExperimentConfig experiment) {
    return shown(source, new ConfigWriter(catalog).yaml(experiment));
  }

  private String shown(ConfigSource source, String complete) {
    return changes().isEmpty()
        ? new String(source.bytes(), StandardCharsets.UTF_8).stripTrailing()
        : complete.stripTrailing();
  }

  /** Refuses a device that is not there. */
  static void available(RunConfig run) {
    String wanted = run.execution().device();
    if (wanted.startsWith("cuda") && !torch.cuda_is_available()) {
      throw new UsageException(
          "device = " + wanted + " is not allowed; this build or machine has no CUDA: cpu or auto");
    }
  }

  /** Takes a configuration that was made in place of one that is given. */
  void use(ConfigSource source) {
    made = Optional.of(source);
  }

  /** The configuration as it is written. */
  ConfigSource source() {
    return made.orElseGet(this::written);
  }

  private ConfigSource written() {
    return source(
        config.orElseThrow(
            () ->
                new UsageException(
                    "CONFIG is missing; a preset's name ('lot presets' lists them) or a YAML"
                        + " file")));
  }

  /** A preset of that name, or a file. */
  static ConfigSource source(String config) {
    Path file = Path.of(config);
    Optional<ConfigSource> preset = Presets.find(config);
    if (preset.isPresent()) {
      return preset.get();
    }
    boolean fileLike = config.contains("/") || config.contains("\\") || config.contains(".");
    if (!Files.exists(file) && !fileLike) {
      throw new UsageException(
          config
              + ": neither a preset nor a file"
              + nearest(config).map(name -> "; did you mean '" + name + "'?").orElse("")
              + "; 'lot presets' lists the presets");
    }
    return ConfigSource.file(file);
  }

  private static Optional<String> nearest(String name) {
    return lot4j.config.NearestName.to(name, Presets.names());
  }

  DataOptions data() {
    return data;
  }

  /** The output directory, checked: an existing one must be empty unless {@code force}. */
  static Path out(Optional<Path> given, String name, boolean force) {
    Path out =
        given.orElseGet(
            () ->
                Path.of(
                    "runs",
                    name
                        + "-"
                        + LocalDateTime.now(java.time.ZoneId.systemDefault())
                            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"))));
    if (Files.exists(out)) {
      if (!Files.isDirectory(out)) {
        throw new UsageException("--out " + out + " is not allowed; it is a file");
      }
      if (!force && !empty(out)) {
        throw new UsageException(
            "--out " + out + " is not allowed; the directory is not empty (--force replaces it)");
      }
    }
    return out;
  }

  private static boolean empty(Path directory) {
    try (java.util.stream.Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (java.io.IOException e) {
      throw new UsageException("--out " + directory + ": cannot be read: " + e.getMessage());
    }
  }
}
