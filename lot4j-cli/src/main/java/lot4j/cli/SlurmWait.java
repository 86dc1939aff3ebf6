package lot4j.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import lot4j.sweep.slurm.JobArray;
import lot4j.sweep.slurm.QueuedTask;
import lot4j.sweep.slurm.Slurm;
import lot4j.sweep.slurm.SlurmException;
import lot4j.train.RunSession;

/**
 * Waits for tasks of Slurm. What a run's directory says counts; the queue is asked for what no
 * directory can say: that a task waits, was killed or cancelled.
 */
final class SlurmWait {
  private static final long FIRST_PAUSE_MILLIS = 1000;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;
  private static final double SLOWER = 1.3;
  private static final long LISTEN_MILLIS = 100;

  /** A file system that other machines write may show what they wrote only so much later. */
  private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final int LAST_BYTES = 1 << 16;

  private final Path sweep;
  private final Slurm slurm;
  private final int restarts;
  private final Function<List<Path>, JobArray> submit;
  private final Console console;
  private final Stop stop;
  private final Map<Path, Place> places = new LinkedHashMap<>();
  private final Map<Path, Integer> submissions = new HashMap<>();
  private final Map<String, QueuedTask> tasks = new HashMap<>();
  private final Map<String, Long> endedSince = new HashMap<>();
  private final Set<String> said = new HashSet<>();
  private final Set<String> cancelled = new TreeSet<>();

  /** The task that trains a run. */
  record Place(JobArray array, int task) {
    String id() {
      return array.job() + "_" + task;
    }
  }

  SlurmWait(
      Path sweep,
      Slurm slurm,
      int restarts,
      Function<List<Path>, JobArray> submit,
      Console console,
      Stop stop) {
    this.sweep = sweep;
    this.slurm = slurm;
    this.restarts = restarts;
    this.submit = submit;
    this.console = console;
    this.stop = stop;
  }

  /**
   * Takes over runs that are in the queue and submits the others.
   *
   * @throws SlurmException if they are refused
   */
  void begin(List<Path> runs, Map<Path, Place> queued) {
    List<Path> missing = new ArrayList<>();
    for (Path run : runs) {
      if (queued.containsKey(run)) {
        places.put(run, queued.get(run));
      } else {
        missing.add(run);
      }
    }
    if (!places.isEmpty()) {
      console.note("job " + jobs() + ": " + count(places.size(), "run") + " in the queue");
    }
    submit(missing);
  }

  private void submit(List<Path> runs) {
    if (runs.isEmpty()) {
      return;
    }
    JobArray array = submit.apply(runs);
    for (int i = 0; i < runs.size(); i++) {
      places.put(runs.get(i), new Place(array, array.task(i)));
      submissions.merge(runs.get(i), 1, Integer::sum);
    }
  }

  /** {@code 1 run}, {@code 2 runs}. */
  static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** The jobs' numbers as Slurm's commands take them. */
  String jobs() {
    Set<String> jobs = new LinkedHashSet<>();
    places.values().forEach(place -> jobs.add(place.array().job()));
    return String.join(",", jobs);
  }

  /** Returns when every run has ended or was cancelled, or when it is told to stop. */
  SweepPlace.Round untilAllEnded(Fleet.Watcher watcher) throws InterruptedException {
    Map<Path, Fleet.End> ends = new LinkedHashMap<>();
    int all = places.size();
    long pause = FIRST_PAUSE_MILLIS;
    while (!places.isEmpty()) {
      listen(pause);
      if (stop.getAsBoolean()) {
        return left(ends, Exit.INTERRUPTED, "running", interrupted());
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, Math.round(pause * SLOWER));
      // The queue first: what a task wrote before it left the queue is there by then.
      ask();
      List<Path> again = new ArrayList<>();
      for (Path run : List.copyOf(places.keySet())) {
        Optional<Fleet.End> end = end(run, again);
        if (end.isPresent()) {
          places.remove(run);
          ends.put(run, end.get());
          watcher.ended(run, end.get());
        }
      }
      watcher.progress((double) ends.size() / all);
      submit(again);
      if (places.values().stream().allMatch(place -> cancelled.contains(place.id()))
          && !places.isEmpty()) {
        return left(ends, Exit.INTERRUPTED, "interrupted", cancellation());
      }
    }
    return new SweepPlace.Round(ends, Optional.empty());
  }

  private static SweepPlace.Round left(
      Map<Path, Fleet.End> ends, int code, String status, String message) {
    return new SweepPlace.Round(ends, Optional.of(new SweepPlace.Left(message, status, code)));
  }

  private String interrupted() {
    return String.format(
        "interrupted; job %s goes on; to wait for it and gather: lot resume %s; to cancel it:"
            + " scancel %s",
        jobs(), sweep, jobs().replace(',', ' '));
  }

  private String cancellation() {
    return String.format(
        "cancelled: %s; to go on: lot resume %s", String.join(", ", cancelled), sweep);
  }

  private void listen(long millis) throws InterruptedException {
    for (long waited = 0; waited < millis && !stop.getAsBoolean(); waited += LISTEN_MILLIS) {
      TimeUnit.MILLISECONDS.sleep(LISTEN_MILLIS);
    }
  }

  private void ask() {
    Set<String> jobs = new TreeSet<>();
    places.values().forEach(place -> jobs.add(place.array().job()));
    List<QueuedTask> shown;
    try {
      shown = slurm.queue(jobs);
    } catch (SlurmException e) {
      once(e.getMessage() + "; still waiting");
      return;
    }
    Set<String> there = new HashSet<>();
    for (QueuedTask task : shown) {
      tasks.put(task.id(), task);
      if (task.ended()) {
        endedSince.putIfAbsent(task.id(), System.nanoTime());
      } else {
        there.add(task.id());
        endedSince.remove(task.id());
      }
      if (task.stuck()) {
        once("job " + task.job() + " waits: " + task.reason());
      }
    }
    for (Place place : places.values()) {
      if (!there.contains(place.id())) {
        endedSince.putIfAbsent(place.id(), System.nanoTime());
      }
    }
  }

  private void once(String message) {
    if (said.add(message)) {
      console.error(message);
    }
  }

  /** How a run ended; empty if it did not, or is to be submitted again. */
  private Optional<Fleet.End> end(Path run, List<Path> again) {
    String status = RunSession.status(run);
    if (status.equals("done") || status.equals("diverged")) {
      return Optional.of(new Fleet.End(status, message(run)));
    }
    Place place = places.get(run);
    if (!endedSince.containsKey(place.id())) {
      return Optional.empty();
    }
    Optional<QueuedTask> task = Optional.ofNullable(tasks.get(place.id()));
    if (task.isPresent() && task.get().cancelled()) {
      cancelled.add(place.id());
      return Optional.empty();
    }
    if (task.isPresent() && task.get().failed()) {
      return Optional.of(new Fleet.End("failed", failure(place, task.get())));
    }
    boolean unclear =
        task.isEmpty() || !task.get().ended() || task.get().state().equals("COMPLETED");
    if (unclear && System.nanoTime() - endedSince.get(place.id()) < LAG_NANOS) {
      return Optional.empty();
    }
    String how = task.filter(QueuedTask::ended).map(QueuedTask::state).orElse("no word of it");
    if (submissions.getOrDefault(run, 0) > restarts) {
      String message =
          "task "
              + place.id()
              + " ended: "
              + how
              + "; submitted "
              + count(submissions.get(run), "time");
      return Optional.of(new Fleet.End("failed", message));
    }
    console.error("task " + place.id() + " ended: " + how + "; submitted again");
    again.add(run);
    return Optional.empty();
  }

  private static String message(Path run) {
    return RunSession.message(run);
  }

  /** What the program said last, or else its exit code; and where the rest is. */
  private String failure(Place place, QueuedTask task) {
    String log = place.array().log(place.task());
    String last = "exit code " + task.exitCode() + " (" + task.reason() + ")";
    try (RandomAccessFile file = new RandomAccessFile(sweep.resolve(log).toFile(), "r")) {
      long from = Math.max(0, file.length() - LAST_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      last =
          new String(bytes, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith("lot: "))
              .reduce((first, second) -> second)
              .map(line -> line.substring("lot: ".length()))
              .orElse(last);
    } catch (IOException e) {
      last += ", without a log";
    }
    return last + "; task " + task.id() + ", " + log;
  }
}
