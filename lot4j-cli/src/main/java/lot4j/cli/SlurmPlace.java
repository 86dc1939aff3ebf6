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

  @Override
  public OptionalInt atOnce(int threads) {
    return options.atOnce().map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  @Override
  public void check(String name, int runs, int threads) {
    if (options.cpus().orElse(threads) < threads) {
      throw new UsageException(
          String.format(
              "--cpus %d is not allowed; a run has %d threads", options.cpus().get(), threads));
    }
    try {
      new Slurm().check(script("", name, 1, runs, threads));
    } catch (SlurmException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private BatchScript script(String folder, String name, int number, int runs, int threads) {
    int perTask = options.perTask(runs);
    int tasks = (runs + perTask - 1) / perTask;
    return new BatchScript(
        options.directives(name, folder + JobArray.file(number, "-%a.log"), tasks, threads),
        JobArray.file(number, ".runs"),
        perTask,
        options.restarts(),
        OwnProgram.variables(),
        List.of(OwnProgram.java(), "@" + ARGUMENTS, "lot4j.cli.Main", "resume"));
  }

  @Override
  public Round train(Path sweep, String name, List<Path> runs, int threads, Fleet.Watcher watcher)
      throws InterruptedException {
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
                "%d runs in the queue, job %s; to wait for them and gather: lot resume %s",
                runs.size(), waiting.jobs(), sweep);
        return new Round(Map.of(), Optional.of(new Left(message, "running", Exit.DONE)));
      }
      return waiting.untilAllEnded(watcher);
    } catch (SlurmException e) {
      String message = e.getMessage() + "; to try again: lot resume " + sweep;
      return new Round(Map.of(), Optional.of(new Left(message, "interrupted", Exit.FAILED)));
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

  /** Slurm replaces what follows a percent sign even in the working directory's name. */
  private static String escaped(Path sweep) {
    try {
      String folder = sweep.toRealPath().toString();
      return folder.contains("%") ? folder.replace("%", "%%") + "/" : "";
    } catch (IOException e) {
      throw new UncheckedIOException(sweep + ": " + e.getMessage(), e);
    }
  }

  private JobArray submit(Slurm slurm, Path sweep, String name, List<Path> runs, int threads) {
    int number = JobArray.next(sweep);
    BatchScript script = script(escaped(sweep), name, number, runs.size(), threads);
    List<String> lines = PreparedPlace.relative(sweep, runs);
    try {
      Files.createDirectories(sweep.resolve(JobArray.FOLDER));
    } catch (IOException e) {
      throw new UncheckedIOException(sweep + "/" + JobArray.FOLDER + ": cannot be made", e);
    }
    AtomicFile.write(sweep.resolve(ARGUMENTS), OwnProgram.arguments());
    AtomicFile.write(
        sweep.resolve(JobArray.file(number, ".runs")), PreparedPlace.lines(lines));
    String file = JobArray.file(number, ".sh");
    AtomicFile.write(sweep.resolve(file), script.text());
    String job = slurm.submit(sweep.toAbsolutePath(), file, script);
    JobArray array = new JobArray(number, job, options.perTask(runs.size()), lines);
    array.write(sweep);
    console.note(
        String.format(
            "job %s: %d tasks for %d runs; %s",
            job, array.task(runs.size() - 1) + 1, runs.size(), sweep.resolve(file)));
    return array;
  }
}
