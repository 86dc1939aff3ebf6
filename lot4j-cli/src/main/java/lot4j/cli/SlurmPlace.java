package lot4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lot4j.checkpoint.AtomicFile;
import lot4j.sweep.slurm.BatchScript;
import lot4j.sweep.slurm.JobArray;
import lot4j.sweep.slurm.QueuedTask;
import lot4j.sweep.slurm.Slurm;
import lot4j.sweep.slurm.SlurmException;
import lot4j.sweep.slurm.SlurmOptions;

/**
 * Job arrays of a cluster with Slurm: a task trains a run, or some one after the other.
 *
 * @param options what is asked of Slurm
 * @param waits whether to wait for the tasks
 */
record SlurmPlace(SlurmOptions options, boolean waits, Console console, Stop stop)
    implements SweepPlace {
  private static final String ARGUMENTS = JobArray.FOLDER + "/java.args";

  /** What neither a line of a list nor a pattern of Slurm for file names can hold. */
  private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\\\]");

  @Override
  public OptionalInt atOnce(int threads) {
    return options.atOnce().map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  @Override
  public void check(Path sweep, String name, int runs, int threads) {
    if (UNFIT.matcher(sweep.toString()).find()) {
      throw new UsageException(
          "--out "
              + sweep
              + " is not allowed with --on slurm; no control characters and no backslash");
    }
    if (options.cpus().orElse(threads) < threads) {
      throw new UsageException(
          String.format(
              "--cpus %d is not allowed; a run has %d threads", options.cpus().get(), threads));
    }
    try {
      new Slurm().check(script(sweep, name, 1, runs, threads));
    } catch (SlurmException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private BatchScript script(Path sweep, String name, int number, int runs, int threads) {
    int perTask = options.perTask(runs);
    int tasks = (runs + perTask - 1) / perTask;
    return new BatchScript(
        options.directives(name, output(sweep, number), tasks, threads),
        sweep.resolve(JobArray.file(number, ".runs")).toString(),
        perTask,
        options.restarts(),
        OwnProgram.variables(),
        List.of(OwnProgram.java(), "@" + sweep.resolve(ARGUMENTS), OwnProgram.MAIN, "resume"));
  }

  @Override
  public Round train(
      Path sweep,
      String name,
      List<Path> runs,
      Consumer<Path> make,
      int threads,
      Fleet.Watcher watcher)
      throws InterruptedException {
    runs.forEach(make);
    Slurm slurm = new Slurm();
    SlurmWait waiting =
        new SlurmWait(
            sweep,
            slurm,
            options.restarts(),
            more -> submit(slurm, sweep, name, more, threads),
            console,
            stop);
    try {
      waiting.begin(runs, queued(slurm, sweep));
      if (!waits) {
        String message =
            String.format(
                "%s in the queue, job %s; to wait and gather: lot resume %s",
                SlurmWait.count(runs.size(), "run"), waiting.jobs(), sweep);
        return new Round(Map.of(), Optional.of(new Left(message, "running", Exit.DONE)));
      }
      return waiting.untilAllEnded(watcher);
    } catch (SlurmException e) {
      String message = e.getMessage() + "; to try again: lot resume " + sweep;
      return new Round(Map.of(), Optional.of(new Left(message, "interrupted", Exit.FAILED)));
    }
  }

  /**
   * Refuses to do something to a sweep while its tasks are in the queue.
   *
   * @throws UsageException if one is
   */
  static void refuseQueued(Path sweep, String option) {
    Set<String> jobs = new TreeSet<>();
    try {
      queued(new Slurm(), sweep).values().forEach(place -> jobs.add(place.array().job()));
    } catch (SlurmException e) {
      return; // where no queue answers nothing can be known of it
    }
    if (!jobs.isEmpty()) {
      throw new UsageException(
          String.format(
              "%s is not allowed; job %s of %s is in the queue: scancel %s",
              option, String.join(",", jobs), sweep, String.join(" ", jobs)));
    }
  }

  /** Tasks of earlier calls that have not ended, by the run directories that they train. */
  private static Map<Path, SlurmWait.Place> queued(Slurm slurm, Path sweep) {
    List<JobArray> arrays = JobArray.all(sweep);
    Map<String, QueuedTask> tasks =
        slurm.queue(arrays.stream().map(JobArray::job).toList()).stream()
            .filter(task -> !task.ended())
            .collect(Collectors.toMap(QueuedTask::id, task -> task));
    Map<Path, SlurmWait.Place> places = new LinkedHashMap<>();
    for (JobArray array : arrays) {
      for (int run = 0; run < array.runs().size(); run++) {
        SlurmWait.Place place = new SlurmWait.Place(array, array.task(run));
        if (tasks.containsKey(place.id())) {
          places.put(sweep.resolve(array.runs().get(run)), place);
        }
      }
    }
    return places;
  }

  /** Slurm replaces what follows a percent sign, even in the current directory's name. */
  private static String output(Path sweep, int number) {
    String folder = sweep.toAbsolutePath().toString();
    return (folder.contains("%") ? folder.replace("%", "%%") : sweep)
        + "/"
        + JobArray.file(number, "-%a.log");
  }

  private JobArray submit(Slurm slurm, Path sweep, String name, List<Path> runs, int threads) {
    int number = JobArray.next(sweep);
    BatchScript script = script(sweep, name, number, runs.size(), threads);
    try {
      Files.createDirectories(sweep.resolve(JobArray.FOLDER));
    } catch (IOException e) {
      throw new UncheckedIOException(sweep + "/" + JobArray.FOLDER + ": cannot be made", e);
    }
    AtomicFile.write(sweep.resolve(ARGUMENTS), OwnProgram.arguments());
    AtomicFile.write(
        sweep.resolve(JobArray.file(number, ".runs")),
        PreparedPlace.lines(runs.stream().map(Path::toString).toList()));
    Path file = sweep.resolve(JobArray.file(number, ".sh"));
    AtomicFile.write(file, script.text());
    String job = slurm.submit(file, script);
    JobArray array =
        new JobArray(
            number, job, options.perTask(runs.size()), PreparedPlace.relative(sweep, runs));
    array.write(sweep);
    console.note(
        String.format(
            "job %s: %s for %s; %s",
            job,
            SlurmWait.count(array.task(runs.size() - 1) + 1, "task"),
            SlurmWait.count(runs.size(), "run"),
            file));
    return array;
  }
}
