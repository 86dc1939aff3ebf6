package lot4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lot4j.sweep.slurm.SlurmOptions;
import picocli.CommandLine.Option;

/** Where the runs of a sweep are trained, as the command line says it. */
final class PlaceOptions {
  /** Where sweeps can run. */
  enum Where {
    LOCAL,
    SLURM
  }

  @Option(
      names = "--on",
      paramLabel = "PLACE",
      description =
          "local: worker processes here, the default; slurm: job arrays of the cluster that sbatch"
              + " submits to.")
  private Optional<Where> on = Optional.empty();

  @Option(
      names = "--prepare",
      description =
          "Trains nothing: writes the run directories and lists them in runs.txt, for 'lot resume'"
              + " wherever they are to be trained.")
  private boolean prepare;

  @Option(
      names = "--no-wait",
      description = "With slurm: submits and returns; 'lot resume' waits and gathers.")
  private boolean noWait;

  @Option(
      names = "--runs-per-task",
      paramLabel = "N",
      description =
          "With slurm: runs that a task trains one after the other; default 1, for more than 1000"
              + " runs as few as make 1000 tasks.")
  private Optional<Integer> runsPerTask = Optional.empty();

  @Option(
      names = "--restarts",
      paramLabel = "N",
      description =
          "With slurm: how often a task may begin again after a time limit, a preemption or a kill;"
              + " default 10.")
  private Optional<Integer> restarts = Optional.empty();

  @Option(names = "--partition", paramLabel = "NAME", description = "With slurm: as for sbatch.")
  private Optional<String> partition = Optional.empty();

  @Option(names = "--account", paramLabel = "NAME", description = "With slurm: as for sbatch.")
  private Optional<String> account = Optional.empty();

  @Option(
      names = "--time",
      paramLabel = "LIMIT",
      description =
          "With slurm: time limit of a task, e.g. 2:00:00; longer runs go on in the next try.")
  private Optional<String> time = Optional.empty();

  @Option(
      names = "--cpus",
      paramLabel = "N",
      description = "With slurm: cores of a task; default the threads of its runs.")
  private Optional<Integer> cpus = Optional.empty();

  @Option(
      names = "--mem",
      paramLabel = "SIZE",
      description = "With slurm: memory of a task, e.g. 4G.")
  private Optional<String> memory = Optional.empty();

  @Option(
      names = "--sbatch",
      paramLabel = "KEY=VALUE",
      description = "With slurm: any other option of sbatch, e.g. --sbatch gres=gpu:1; repeatable.")
  private List<String> more = new ArrayList<>();

  /** Whether the command line says anything about the place. */
  boolean given() {
    return on.isPresent() || prepare || first().isPresent();
  }

  private Optional<String> first() {
    List<String> all = new ArrayList<>();
    runsPerTask.ifPresent(n -> all.add("--runs-per-task"));
    restarts.ifPresent(n -> all.add("--restarts"));
    partition.ifPresent(name -> all.add("--partition"));
    account.ifPresent(name -> all.add("--account"));
    time.ifPresent(limit -> all.add("--time"));
    cpus.ifPresent(n -> all.add("--cpus"));
    memory.ifPresent(size -> all.add("--mem"));
    more.forEach(option -> all.add("--sbatch"));
    if (noWait) {
      all.add("--no-wait");
    }
    return all.stream().findFirst();
  }

  /**
   * What is asked of Slurm, if it is.
   *
   * @param before what was asked when the sweep began, over which the command line stands
   * @param jobs tasks at a time
   * @throws UsageException if options do not go together
   * @throws lot4j.config.ConfigError if an option's value is not allowed
   */
  Optional<SlurmOptions> slurm(Optional<SlurmOptions> before, Optional<Integer> jobs) {
    boolean slurm = on.map(where -> where == Where.SLURM).orElse(before.isPresent());
    if (!slurm && first().isPresent()) {
      throw new UsageException(first().get() + " is not allowed without --on slurm");
    }
    if (prepare && (first().isPresent() || on.isPresent())) {
      throw new UsageException(
          "--prepare with " + first().orElse("--on") + " is not allowed; it trains nothing");
    }
    if (!slurm) {
      return Optional.empty();
    }
    return Optional.of(
        new SlurmOptions(
            jobs.or(() -> before.flatMap(SlurmOptions::atOnce)),
            runsPerTask.or(() -> before.flatMap(SlurmOptions::runsPerTask)),
            restarts.or(() -> before.map(SlurmOptions::restarts)).orElse(SlurmOptions.RESTARTS),
            partition.or(() -> before.flatMap(SlurmOptions::partition)),
            account.or(() -> before.flatMap(SlurmOptions::account)),
            time.or(() -> before.flatMap(SlurmOptions::time)),
            cpus.or(() -> before.flatMap(SlurmOptions::cpus)),
            memory.or(() -> before.flatMap(SlurmOptions::memory)),
            more.isEmpty() ? before.map(SlurmOptions::more).orElse(List.of()) : more));
  }

  /** The place itself. */
  SweepPlace place(
      Optional<SlurmOptions> slurm,
      Optional<Integer> jobs,
      java.nio.file.Path dataDirectory,
      Console console,
      Stop stop) {
    if (prepare) {
      return new PreparedPlace();
    }
    return slurm.isPresent()
        ? new SlurmPlace(slurm.get(), !noWait, console, stop)
        : new LocalPlace(jobs, dataDirectory, stop);
  }
}
