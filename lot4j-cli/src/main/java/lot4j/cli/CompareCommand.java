package lot4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.ExperimentConfig;
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

  @Option(names = "--out", paramLabel = "DIR", description = "The comparison directory.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--force", description = "Replaces what is in --out.")
  private boolean force;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs at a time; default as many as the cores allow. Never changes a result.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(names = "--json", description = "Prints compare.json to standard output.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Catalog catalog = Catalog.load();
    ExperimentConfig experiment = options.read(catalog);
    ComparisonRun.checkJobs(jobs);
    Path directory = ConfigOptions.out(out, experiment.base().name(), force);
    Stop stop = Stop.onSignals();
    ComparisonRun comparison =
        new ComparisonRun(
            main.console(), catalog, options.data().directory(), directory, jobs, stop);
    return comparison.begin(experiment, force, json);
  }
}
