package lot4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.ConfigSource;
import lot4j.config.ExperimentConfig;
import lot4j.report.Comparison;
import lot4j.report.SeedPlan;
import lot4j.stats.PairedPower;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Methods and seeds under a stated budget: the main job. */
@Command(
    name = "compare",
    description = {
      "Compares methods over seeds under a stated budget.",
      "Writes compare.json, report.html, report.md and one run directory for each method and seed."
    })
final class CompareCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private OwnDataOptions own = new OwnDataOptions();
  @Mixin private TrackingOptions tracking = new TrackingOptions();

  @Option(names = "--out", paramLabel = "DIR", description = "The comparison directory.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--force", description = "Replaces what is in --out.")
  private boolean force;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs at a time; default as many as the cores allow. Never changes a result.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(
      names = "--plan-seeds",
      paramLabel = "DIFFERENCE",
      description =
          "Trains nothing: how many seeds see this difference of the metric (accuracy: 0.01 is one"
              + " percentage point), judged by a pilot.")
  private Optional<Double> difference = Optional.empty();

  @Option(
      names = "--pilot",
      paramLabel = "DIR",
      description = "With --plan-seeds: a comparison's directory; also in place of CONFIG.")
  private Optional<Path> pilot = Optional.empty();

  @Option(
      names = "--power",
      paramLabel = "P",
      description = "With --plan-seeds: chance of seeing the difference; default 0.8.")
  private Optional<Double> power = Optional.empty();

  @Option(names = "--json", description = "Prints compare.json, or the plan, to standard output.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (difference.isPresent()) {
      return planSeeds(difference.get());
    }
    if (pilot.isPresent() || power.isPresent()) {
      throw new UsageException(
          (pilot.isPresent() ? "--pilot" : "--power") + " is not allowed without --plan-seeds");
    }
    Catalog catalog = Catalog.load();
    Optional<ConfigSource> made = own.config(options.given());
    made.ifPresent(options::use);
    ExperimentConfig experiment = options.read(catalog);
    ComparisonRun.checkJobs(jobs);
    Path directory = ConfigOptions.out(out, experiment.base().name(), force);
    Stop stop = Stop.onSignals();
    ComparisonRun comparison =
        new ComparisonRun(
            main.console(), catalog, options.data().directory(), directory, jobs, stop);
    return comparison.begin(
        experiment,
        tracking.mlflow(experiment.base().name()),
        force,
        json,
        () ->
            made.ifPresent(
                source -> main.console().result(json, options.shown(source, catalog, experiment))));
  }

  private int planSeeds(double difference) {
    if (out.isPresent() || force || jobs.isPresent()) {
      throw new UsageException(
          (out.isPresent() ? "--out" : force ? "--force" : "--jobs")
              + " with --plan-seeds is not allowed; it trains nothing");
    }
    Optional<Path> finished = options.given().map(Path::of).filter(Comparison::isComparison);
    if (finished.isPresent() && pilot.isPresent()) {
      throw new UsageException(
          "--pilot with the directory " + finished.get() + " is not allowed; one pilot");
    }
    // A configuration beside the pilot says how many seeds there are to be.
    Optional<Integer> present =
        finished.isPresent() || options.given().isEmpty()
            ? Optional.empty()
            : Optional.of(options.read(Catalog.load()).seeds().size());
    Path directory =
        finished
            .or(() -> pilot)
            .orElseThrow(
                () ->
                    new UsageException(
                        "--plan-seeds needs a pilot: run 'lot compare "
                            + options.given().orElse("CONFIG")
                            + " --out DIR' with 5 seeds or so first, then add --pilot DIR"));
    SeedPlan plan;
    try {
      plan = SeedPlan.read(directory, difference, new PairedPower(power.orElse(0.8)), present);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--plan-seeds: " + e.getMessage());
    }
    main.console().result(json, plan.text().stripTrailing());
    if (json) {
      main.console().result(plan.json().toPrettyString());
    }
    return Exit.DONE;
  }
}
