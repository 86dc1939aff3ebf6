package lot4j.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.ConfigSource;
import lot4j.config.ConfigWriter;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import lot4j.log.mlflow.MlflowRun;
import lot4j.train.Devices;
import lot4j.train.Outcome;
import lot4j.train.Plan;
import lot4j.train.Prepared;
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
    Partners partners = main.partners();
    Optional<MlflowRun> mlflow = tracking.mlflow(configured.name());
    Optional<Path> directory =
        partners.leads()
            ? Optional.of(ConfigOptions.out(out, configured.name(), force))
            : Optional.empty();
    Stop stop = Partners.stop();
    Company company =
        partners.join(Devices.resolved(configured.execution().device()).startsWith("cuda"));
    RunSession session = new RunSession(catalog, options.data().directory(), company);
    RunConfig resolved;
    try (Inputs inputs = new Inputs(session)) {
      RunConfig config =
          configured.budget().unit() == lot4j.config.Budget.Unit.MINUTES
              ? configured
              : Plan.of(configured, inputs, catalog).config();
      config =
          config
              .withThreads(config.execution().threads().orElseGet(partners::threads))
              .withDevice(Devices.resolved(config.execution().device()));
      partners.requireSame("configuration", new ConfigWriter(catalog).digest(config));
      resolved = config;
      if (directory.isPresent()) {
        create(session, company, directory.get(), config, inputs.apply(config));
        made.ifPresent(
            source -> main.console().result(json, options.shown(source, catalog, configured)));
        mlflow.ifPresent(record -> record.write(directory.get()));
      }
    }
    partners.at(told(company, directory));
    if (directory.isEmpty()) {
      return partners.assisted(session.assist(resolved, Optional.empty(), stop));
    }
    main.console().note("run " + directory.get());
    Outcome outcome = RunProgress.train(main.console(), session, directory.get(), stop);
    partners.close();
    return RunProgress.report(main.console(), directory.get(), outcome, json);
  }

  /** The run's directory as rank 0 names it. */
  private static Path told(Company company, Optional<Path> directory) {
    byte[] name =
        company.share(() -> directory.orElseThrow().toString().getBytes(StandardCharsets.UTF_8));
    return Path.of(new String(name, StandardCharsets.UTF_8));
  }

  /** Rank 0's alone: it may have large files to copy. */
  private void create(
      RunSession session, Company company, Path directory, RunConfig config, Prepared<?> prepared) {
    company.apart(
        () -> {
          Directories.clear(directory, force);
          session.create(directory, config, config.method(), prepared);
          ComparisonRun.recordData(directory, options.data().directory());
          return directory;
        });
  }
}
