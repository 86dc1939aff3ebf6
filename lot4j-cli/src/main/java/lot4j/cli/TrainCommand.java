package lot4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.log.mlflow.MlflowRun;
import lot4j.train.Devices;
import lot4j.train.Outcome;
import lot4j.train.Plan;
import lot4j.train.RunSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** One run: one method, one seed. */
@Command(name = "train", description = "Trains one run: one method, one seed.")
final class TrainCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private OwnDataOptions own = new OwnDataOptions();
  @Mixin private TrackingOptions tracking = new TrackingOptions();

  @Option(names = "--out", paramLabel = "DIR", description = "The run directory.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--force", description = "Replaces what is in --out.")
  private boolean force;

  @Option(names = "--json", description = "Prints result.json to standard output.")
  private boolean json;

  @Override
  public Integer call() {
    Catalog catalog = Catalog.load();
    Optional<ConfigSource> made = own.config(options.given());
    made.ifPresent(options::use);
    RunConfig configured = options.readRun(catalog);
    Optional<MlflowRun> mlflow = tracking.mlflow(configured.name());
    RunSession session = new RunSession(catalog, options.data().directory());
    Path directory = ConfigOptions.out(out, configured.name(), force);
    Stop stop = Stop.onSignals();
    try (Inputs inputs = new Inputs(session)) {
      RunConfig config =
          configured.budget().unit() == lot4j.config.Budget.Unit.MINUTES
              ? configured
              : Plan.of(configured, inputs, catalog).config();
      config =
          config
              .withThreads(
                  config.execution().threads().orElse(Runtime.getRuntime().availableProcessors()))
              .withDevice(Devices.resolved(config.execution().device()));
      made.ifPresent(
          source -> main.console().result(json, options.shown(source, catalog, configured)));
      Directories.clear(directory, force);
      session.create(directory, config, config.method(), inputs.apply(config));
      mlflow.ifPresent(record -> record.write(directory));
      ComparisonRun.recordData(directory, options.data().directory());
    }
    main.console().note("run " + directory);
    Outcome outcome = RunProgress.train(main.console(), session, directory, stop);
    return RunProgress.report(main.console(), directory, outcome, json);
  }
}
