package lot4j.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.sweep.SweepRequest;
import lot4j.sweep.slurm.SlurmOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Many settings of one experiment. */
@Command(
    name = "sweep",
    description = {
      "Trains a configuration at many points: a grid, random draws, successive halving.",
      "Ranks them on validation data, never on the test split; writes sweep.json, sweep.csv,"
          + " sweep.md, report.html and the run directories."
    })
final class SweepCommand implements Callable<Integer> {
  private static final int ETA = 3;

  @ParentCommand private Main main;
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--grid",
      required = true,
      paramLabel = "KEY=VALUES",
      description =
          "A key and its values, e.g. --grid lot.alpha=0.3,1,3; with --random also log(0.1..10),"
              + " lin(0..1); int(1..5) is 1,2,3,4,5. Repeatable: every combination.")
  private List<String> grids = new ArrayList<>();

  @Option(
      names = "--random",
      paramLabel = "N",
      description = "Draws N different points in place of all.")
  private Optional<Integer> random = Optional.empty();

  @Option(
      names = "--sweep-seed",
      paramLabel = "N",
      description = "Seed of the draw; default 0. It has nothing to do with the runs' seeds.")
  private Optional<Long> sweepSeed = Optional.empty();

  @Option(
      names = "--halving",
      description =
          "Successive halving: all points with a small budget, the best third of them with three"
              + " times as much, and so on up to the configuration's.")
  private boolean halving;

  @Option(
      names = "--eta",
      paramLabel = "N",
      description = "With --halving: the best 1/N go on with N times the budget; default 3.")
  private Optional<Integer> eta = Optional.empty();

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "The method that is trained and scored; default the configuration's 'method'.")
  private Optional<String> method = Optional.empty();

  @Option(
      names = "--baseline",
      split = ",",
      paramLabel = "NAME",
      description =
          "Trained beside it at every point, once where points do not differ for it, e.g."
              + " teacher-only-equal-compute; repeatable.")
  private List<String> baselines = new ArrayList<>();

  @Option(
      names = "--compare",
      description =
          "Trains the configuration's 'methods' at every point; the first with students is scored,"
              + " the others are its baselines.")
  private boolean compare;

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "N",
      description = "Seeds of every point, e.g. 0,1,2; default the configuration's.")
  private List<Long> seeds = new ArrayList<>();

  @Option(
      names = "--no-select",
      description = "Names no winner: a response surface alone. Needs no validation split.")
  private boolean noSelect;

  @Option(names = "--plan", description = "Says what it would cost, and trains nothing.")
  private boolean plan;

  @Option(names = "--out", paramLabel = "DIR", description = "The sweep directory.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--force", description = "Replaces what is in --out.")
  private boolean force;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "Runs at a time; default as many as the cores allow, with slurm as the cluster gives."
              + " Never changes a result.")
  private Optional<Integer> jobs = Optional.empty();

  @Mixin private PlaceOptions places = new PlaceOptions();

  @Option(names = "--json", description = "Prints sweep.json to standard output.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    ComparisonRun.checkJobs(jobs);
    check();
    Optional<SlurmOptions> slurm = places.slurm(Optional.empty(), jobs);
    Catalog catalog = Catalog.load();
    ConfigSource source = options.source();
    List<String> overrides = new ArrayList<>(options.changes());
    if (!seeds.isEmpty()) {
      overrides.add("seeds=" + seeds);
    }
    List<String> methods = new ArrayList<>();
    if (!compare) {
      methods.add(method.orElseGet(() -> new ConfigReader(catalog).methodName(source, overrides)));
      methods.addAll(baselines);
    }
    SweepRequest request =
        new SweepRequest(
            source.name(),
            new String(source.bytes(), StandardCharsets.UTF_8),
            overrides,
            grids,
            random,
            sweepSeed.orElse(0L),
            halving ? Optional.of(eta.orElse(ETA)) : Optional.empty(),
            methods,
            !noSelect,
            slurm);
    Path data = options.data().directory();
    Stop stop = Stop.onSignals();
    SweepPlace place = places.place(slurm, jobs, data, main.console(), stop);
    if (plan) {
      return new SweepRun(main.console(), catalog, data, Path.of(""), place, stop)
          .plan(request, json);
    }
    SweepTrials trials = SweepTrials.read(request, catalog);
    Path directory = ConfigOptions.out(out, trials.name(), force);
    return new SweepRun(main.console(), catalog, data, directory, place, stop)
        .begin(request, trials, force, json);
  }

  private void check() {
    if (compare && (method.isPresent() || !baselines.isEmpty())) {
      String other = method.isPresent() ? "--method" : "--baseline";
      throw new UsageException(
          "--compare with " + other + " is not allowed; the configuration's methods are trained");
    }
    if (sweepSeed.isPresent() && random.isEmpty()) {
      throw new UsageException("--sweep-seed is not allowed without --random");
    }
    if (eta.isPresent() && !halving) {
      throw new UsageException("--eta is not allowed without --halving");
    }
    if (halving && noSelect) {
      throw new UsageException(
          "--halving with --no-select is not allowed; promotion to the next rung is a selection");
    }
  }
}
