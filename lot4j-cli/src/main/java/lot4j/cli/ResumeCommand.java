package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import lot4j.distributed.Company;
import lot4j.sweep.SweepRequest;
import lot4j.sweep.slurm.SlurmOptions;
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
        "Continues what was stopped or killed in DIR: a run, a comparison, a sweep or a probe."
            + " Several runs are trained one after the other.")
final class ResumeCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "A run, comparison, sweep or probe directory; or several runs.")
  private List<Path> directories = new ArrayList<>();

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

  @Mixin private PlaceOptions places = new PlaceOptions();

  @Override
  public Integer call() throws InterruptedException {
    ComparisonRun.checkJobs(jobs);
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        throw new DataException(directory + ": no such directory");
      }
    }
    // A task of a job array is told to stop by its script and by Slurm; who is in a hurry kills.
    boolean task = System.getenv("SLURM_ARRAY_TASK_ID") != null;
    Stop stop = task ? Stop.patiently() : Partners.stop();
    Catalog catalog = Catalog.load();
    if (directories.size() > 1 || task && RunSession.isRun(directories.get(0))) {
      return several(new RunsInTurn(main.console(), catalog, data, stop, task));
    }
    Path directory = directories.get(0);
    Path dataDirectory = data.directory(ComparisonRun.recordedData(directory));
    Partners partners = main.partners();
    if (!partners.alone() && !RunSession.isRun(directory)) {
      throw new UsageException(directory + " is not allowed with several processes; a run");
    }
    boolean sweep = SweepRun.isSweep(directory);
    if (places.given() && !sweep) {
      throw new UsageException(
          directory + " is no sweep; --on and what belongs to it are not allowed");
    }
    if (sweep || ComparisonRun.isComparison(directory)) {
      if (threads.isPresent()) {
        throw new UsageException("--threads is not allowed here; it is part of a run's result");
      }
      if (sweep) {
        SweepRequest request = SweepRequest.read(directory);
        Optional<SlurmOptions> slurm = places.slurm(request.slurm(), jobs);
        if (request.slurm().isPresent() && slurm.isEmpty()) {
          SlurmPlace.refuseQueued(directory, "--on local");
        }
        SweepPlace place = places.place(slurm, jobs, dataDirectory, main.console(), stop);
        return new SweepRun(main.console(), catalog, dataDirectory, directory, place, stop)
            .resume(request.on(slurm), json);
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
    if (RunSession.status(directory).equals("done")) {
      if (partners.leads()) {
        main.console().note(directory + ": finished; nothing to do");
      }
      if (json && partners.leads()) {
        main.console().result(RunProgress.result(directory));
      }
      return Exit.DONE;
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
    partners.at(directory);
    if (!partners.leads()) {
      return partners.assisted(session.assist(config, Optional.of(directory), stop));
    }
    Outcome outcome = RunProgress.train(main.console(), session, directory, stop);
    partners.close();
    return RunProgress.report(main.console(), directory, outcome, json);
  }

  private int several(RunsInTurn turn) throws InterruptedException {
    if (threads.isPresent() || json || places.given()) {
      throw new UsageException("several directories with further options are not allowed");
    }
    for (Path directory : directories) {
      if (!RunSession.isRun(directory)) {
        throw new DataException(directory + ": not a run; several directories have to be runs");
      }
    }
    return turn.train(directories);
  }
}
