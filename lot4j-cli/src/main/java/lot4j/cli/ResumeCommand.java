package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import lot4j.train.DataException;
import lot4j.train.Outcome;
import lot4j.train.RunSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Goes on with whatever was stopped or killed. */
@Command(
    name = "resume",
    description =
        "Continues what was stopped or killed in DIR: a run, a comparison, a sweep or a probe.")
final class ResumeCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(paramLabel = "DIR", description = "A run, comparison, sweep or probe directory.")
  private Path directory;

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Comparisons, sweeps and probes: runs at a time.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Must be the number that the run began with: it is part of the result.")
  private Optional<Integer> threads = Optional.empty();

  @Option(names = "--json", description = "Prints the result to standard output.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    ComparisonRun.checkJobs(jobs);
    if (!Files.isDirectory(directory)) {
      throw new DataException(directory + ": no such directory");
    }
    Catalog catalog = Catalog.load();
    Path dataDirectory = data.directory(ComparisonRun.recordedData(directory));
    Partners partners = main.partners();
    if (!partners.alone() && !RunSession.isRun(directory)) {
      throw new UsageException(directory + " is not allowed with several processes; a run");
    }
    Stop stop = Partners.stop();
    boolean sweep = SweepRun.isSweep(directory);
    if (sweep || ComparisonRun.isComparison(directory)) {
      if (threads.isPresent()) {
        throw new UsageException("--threads is not allowed here; it is part of a run's result");
      }
      if (sweep) {
        return new SweepRun(main.console(), catalog, dataDirectory, directory, jobs, stop)
            .resume(json);
      }
      return new ComparisonRun(main.console(), catalog, dataDirectory, directory, jobs, stop)
          .resume(json);
    }
    if (ProbeRun.isProbe(directory)) {
      if (threads.isPresent()) {
        throw new UsageException("--threads is not allowed here; it is part of a run's result");
      }
      return new ProbeRun(main.console(), catalog, dataDirectory, directory, jobs, stop)
          .resume(json);
    }
    if (!RunSession.isRun(directory)) {
      throw new DataException(directory + ": neither a run, a comparison, a sweep nor a probe");
    }
    int began = RunSession.processes(directory);
    if (began != partners.size()) {
      throw new UsageException(
          directory
              + ": began with "
              + began
              + (began == 1 ? " process, not " : " processes, not ")
              + partners.size()
              + "; that is part of its result: "
              + (began == 1 ? "lot resume " : "lot launch --workers " + began + " -- resume ")
              + directory);
    }
    if (RunSession.status(directory).equals("done")) {
      main.console().note(directory + ": finished; nothing to do");
      if (json) {
        main.console().result(RunProgress.result(directory));
      }
      return Exit.DONE;
    }
    Company company =
        partners.join(
            new RunSession(catalog, dataDirectory)
                .config(directory)
                .execution()
                .device()
                .startsWith("cuda"));
    RunSession session = new RunSession(catalog, dataDirectory, company);
    RunConfig config = session.config(directory);
    int recorded = config.execution().threads().orElseThrow();
    if (threads.isPresent() && threads.get() != recorded) {
      throw new UsageException(
          "--threads "
              + threads.get()
              + " is not allowed; the run began with "
              + recorded
              + ", and threads are part of its result");
    }
    if (!partners.leads()) {
      return partners.assisted(session.assist(config, Optional.of(directory), stop));
    }
    partners.at(directory);
    Outcome outcome = RunProgress.train(main.console(), session, directory, stop);
    partners.close();
    return RunProgress.report(main.console(), directory, outcome, json);
  }
}
