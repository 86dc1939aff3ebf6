package lot4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.checkpoint.AtomicFile;
import lot4j.checkpoint.DirectoryLock;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.ExperimentConfig;
import lot4j.config.RunConfig;
import lot4j.log.mlflow.MlflowRun;
import lot4j.report.Comparison;
import lot4j.report.RunDirectory;
import lot4j.train.Devices;
import lot4j.train.Plan;
import lot4j.train.RunSession;

/** A comparison directory at work: plans its runs, has them trained, writes the results. */
final class ComparisonRun {
  /** The experiment as it was read; its presence makes a directory a comparison. */
  static final String EXPERIMENT = "experiment.yaml";

  private static final String STATE = "comparison.json";

  private final Console console;
  private final Catalog catalog;
  private final Path dataDirectory;
  private final Path directory;
  private final Optional<Integer> jobs;
  private final Stop stop;

  ComparisonRun(
      Console console,
      Catalog catalog,
      Path dataDirectory,
      Path directory,
      Optional<Integer> jobs,
      Stop stop) {
    this.console = console;
    this.catalog = catalog;
    this.dataDirectory = dataDirectory;
    this.directory = directory;
    this.jobs = jobs;
    this.stop = stop;
  }

  static boolean isComparison(Path directory) {
    return Files.isRegularFile(directory.resolve(EXPERIMENT));
  }

  static void checkJobs(Optional<Integer> jobs) {
    if (jobs.isPresent() && jobs.get() < 1) {
      throw new UsageException("--jobs " + jobs.get() + " is not allowed; 1 or more");
    }
  }

  /**
   * The data directory that a comparison or run was begun with; for a checkpoint or a run inside
   * something larger, that of what it is in.
   */
  static Optional<Path> recordedData(Path directory) {
    Path state = directory.resolve(STATE);
    Path at = directory.toAbsolutePath().normalize();
    // A checkpoint is two folders below its run, a run two below its comparison.
    for (int up = 0; up < 4 && at != null && !Files.exists(state); up++) {
      at = at.getParent();
      state = at == null ? state : at.resolve(STATE);
    }
    if (!Files.exists(state)) {
      // A checkpoint of a run, or a run of a comparison: theirs is further up.
      Path up = directory.toAbsolutePath().normalize().getParent();
      boolean inside =
          up != null
              && (up.endsWith("runs") || up.endsWith("checkpoints"))
              && up.getParent() != null;
      return inside ? recordedData(up.getParent()) : Optional.empty();
    }
    try {
      JsonNode node = new ObjectMapper().readTree(state.toFile());
      return node.hasNonNull("data_directory")
          ? Optional.of(Path.of(node.get("data_directory").asText()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(state + ": " + e.getMessage(), e);
    }
  }

  static void recordData(Path directory, Path dataDirectory) {
    ObjectNode state = new ObjectMapper().createObjectNode();
    state.put("data_directory", dataDirectory.toAbsolutePath().normalize().toString());
    AtomicFile.write(directory.resolve(STATE), state.toPrettyString() + "\n");
  }

  /**
   * Checks everything, writes the directory, and trains.
   *
   * @param checked run as soon as nothing can be refused any more
   */
  int begin(
      ExperimentConfig experiment,
      Optional<MlflowRun> mlflow,
      boolean force,
      boolean json,
      Runnable checked)
      throws InterruptedException {
    RunSession session = new RunSession(catalog, dataDirectory);
    try (Inputs inputs = new Inputs(session)) {
      Plan plan = Plan.of(experiment, inputs, catalog);
      Directories.clear(directory, force);
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(directory + ": cannot be made: " + e.getMessage(), e);
      }
      try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
        checked.run();
        experiment.notes().forEach(console::note);
        inputs.apply(experiment.base()).notes().forEach(console::note);
        recordData(directory, dataDirectory);
        mlflow.ifPresent(record -> record.write(directory));
        AtomicFile.write(directory.resolve(EXPERIMENT), new ConfigWriter(catalog).yaml(experiment));
        return train(experiment, plan, session, inputs, json);
      }
    }
  }

  /** Goes on with what is there; finished runs are kept. */
  int resume(boolean json) throws InterruptedException {
    ExperimentConfig experiment =
        new ConfigReader(catalog).read(ConfigSource.file(directory.resolve(EXPERIMENT)), List.of());
    RunSession session = new RunSession(catalog, dataDirectory);
    try (DirectoryLock lock = DirectoryLock.acquire(directory);
        Inputs inputs = new Inputs(session)) {
      return train(experiment, Plan.of(experiment, inputs, catalog), session, inputs, json);
    }
  }

  private int train(
      ExperimentConfig experiment, Plan plan, RunSession session, Inputs inputs, boolean json)
      throws InterruptedException {
    Optional<MlflowRun> mlflow = MlflowRun.read(directory);
    Map<Path, Plan.Planned> runs = new LinkedHashMap<>();
    List<Path> open = new ArrayList<>();
    int threads = experiment.base().execution().threads().orElse(1);
    // Seeds outermost: a comparison that is stopped early has whole seeds to compare.
    for (long seed : experiment.seeds()) {
      for (Plan.Planned planned : plan.runs()) {
        Path run = directory.resolve("runs").resolve(planned.label() + "-seed" + seed);
        runs.put(run, planned);
        if (!RunSession.isRun(run)) {
          RunConfig config =
              planned
                  .config()
                  .withSeed(seed)
                  .withThreads(planned.config().execution().threads().orElse(threads))
                  .withDevice(Devices.resolved(planned.config().execution().device()));
          session.create(run, config, planned.label(), inputs.apply(config));
          mlflow.ifPresent(record -> record.write(run));
        }
        String status = RunSession.status(run);
        if (!status.equals("done") && !status.equals("diverged")) {
          open.add(run);
        }
      }
    }
    if (open.isEmpty()) {
      console.note(directory + ": finished; nothing to do");
      return finish(plan, runs, Map.of(), json);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    int atOnce = jobs.orElse(Math.max(1, cores / threads));
    console.note(
        String.format(
            java.util.Locale.ROOT,
            "%s: %d methods, %d seeds, %d runs (%d to do), %d at a time; %s",
            plan.name(),
            plan.runs().size(),
            experiment.seeds().size(),
            runs.size(),
            open.size(),
            Math.min(atOnce, open.size()),
            directory));
    Map<Path, Fleet.End> ends = fleet(open, atOnce);
    return finish(plan, runs, ends, json);
  }

  private Map<Path, Fleet.End> fleet(List<Path> open, int atOnce) throws InterruptedException {
    Fleet fleet =
        new Fleet(atOnce, List.of("--data-dir", dataDirectory.toString()), directory, stop);
    try (Console.Bar bar = console.bar("compare")) {
      return fleet.train(open, new FleetProgress(console, bar, open.size(), stop));
    }
  }

  private int finish(
      Plan plan, Map<Path, Plan.Planned> runs, Map<Path, Fleet.End> ends, boolean json) {
    List<RunDirectory> directories = new ArrayList<>();
    runs.keySet().forEach(run -> directories.add(RunDirectory.read(run)));
    Comparison comparison = Comparison.of(plan.name(), directories);
    AtomicFile.write(directory.resolve("compare.json"), comparison.json().toPrettyString() + "\n");
    AtomicFile.write(directory.resolve("report.md"), comparison.markdown());
    AtomicFile.write(directory.resolve("report.html"), comparison.html());
    if (stop.getAsBoolean()) {
      console.error("interrupted; to go on: lot resume " + directory);
      return Exit.INTERRUPTED;
    }
    console.result(json, comparison.text());
    console.result(json, "report: " + directory.resolve("report.html"));
    if (json) {
      console.result(comparison.json().toPrettyString());
    }
    boolean failed = ends.values().stream().anyMatch(end -> end.status().equals("failed"));
    return failed ? Exit.FAILED : Exit.DONE;
  }
}
