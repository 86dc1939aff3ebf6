package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.train.DataException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Imitability as a diagnostic: fresh students imitate finished, frozen teachers. */
@Command(
    name = "probe",
    description = {
      "Has fresh students imitate finished, frozen teachers, and shows how hard each was to"
          + " imitate and whether that orders them as their test error does.",
      "With CONFIG, trains the teachers that its section 'probe' lists first.",
      "Writes probe.json, probe.csv, probe.md, report.html and one run directory for each student."
    })
final class ProbeCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|CONFIG",
      description =
          "Finished runs, or comparisons and sweeps of which all finished runs are taken; or one"
              + " preset or YAML file with a section 'probe'.")
  private List<String> what;

  @Option(
      names = "--config",
      paramLabel = "CONFIG",
      description =
          "How the students are trained, and on what; default as the first run was, on all of its"
              + " training inputs.")
  private Optional<String> config = Optional.empty();

  @Option(
      names = "--student",
      paramLabel = "MODEL",
      description =
          "The students' network, a name or {model: …}; default that of the first run's teacher.")
  private Optional<String> student = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "The students' budget.")
  private Optional<Double> epochs = Optional.empty();

  @Option(names = "--updates", paramLabel = "N", description = "The students' budget.")
  private Optional<Long> updates = Optional.empty();

  @Option(
      names = "--points",
      paramLabel = "N",
      description = "Evaluations of each student; default 20 with DIR, as CONFIG says with CONFIG.")
  private Optional<Integer> points = Optional.empty();

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "N",
      description =
          "Seeds of the students: every teacher gets a student of each; default 1000 with DIR.")
  private List<Long> seeds = new ArrayList<>();

  @Option(
      names = "--learner",
      paramLabel = "NAME",
      description = "Whom of each run to imitate: teacher (default), student0, …")
  private String learner = "teacher";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of CONFIG, or of the students with DIR; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--threads", paramLabel = "N", description = "Threads of each run.")
  private Optional<Integer> threads = Optional.empty();

  @Option(names = "--out", paramLabel = "DIR", description = "The probe's directory.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--force", description = "Replaces what is in --out.")
  private boolean force;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs at a time; default as many as the cores allow. Never changes a result.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(names = "--json", description = "Prints probe.json to standard output.")
  private boolean json;

  @Mixin private DataOptions data = new DataOptions();

  @Override
  public Integer call() throws InterruptedException {
    ComparisonRun.checkJobs(jobs);
    if (epochs.isPresent() && updates.isPresent()) {
      throw new UsageException("--epochs with --updates is not allowed; one of them");
    }
    Catalog catalog = Catalog.load();
    ProbeDraft draft =
        new ProbeDraft(catalog, learner, seeds, student, epochs, updates, points, changes());
    List<Path> directories = directories();
    Path place = ConfigOptions.out(out, "probe", force);
    ProbePlan plan =
        directories.isEmpty()
            ? draft.ofConfig(ConfigOptions.source(what.get(0)), place)
            : draft.ofRuns(
                ProbedRuns.in(directories, main.console()),
                config.map(ConfigOptions::source),
                place);
    Path dataDirectory = data.directory(recorded(directories));
    Stop stop = Stop.onSignals();
    return new ProbeRun(main.console(), catalog, dataDirectory, place, jobs, stop)
        .begin(plan, force, json);
  }

  private static Optional<Path> recorded(List<Path> directories) {
    return directories.isEmpty()
        ? Optional.empty()
        : ComparisonRun.recordedData(directories.get(0));
  }

  private List<String> changes() {
    List<String> all = new ArrayList<>(overrides);
    threads.ifPresent(n -> all.add("threads=" + n));
    return all;
  }

  /** The directories; none if a configuration was named. */
  private List<Path> directories() {
    List<Path> directories = what.stream().map(Path::of).filter(Files::isDirectory).toList();
    if (directories.size() == what.size()) {
      return directories;
    }
    String other =
        what.stream().filter(each -> !Files.isDirectory(Path.of(each))).findFirst().orElseThrow();
    if (!directories.isEmpty() || what.size() > 1) {
      throw new DataException(other + ": no such directory");
    }
    if (config.isPresent()) {
      throw new UsageException("--config is not allowed with CONFIG; it belongs to directories");
    }
    return List.of();
  }
}
