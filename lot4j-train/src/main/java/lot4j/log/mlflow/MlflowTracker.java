package lot4j.log.mlflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import lot4j.log.MetricLine;

/**
 * Sends a run's lines to an MLflow server, from a thread of its own.
 *
 * <p>The run never waits for the server, except up to {@value #LAST_SECONDS} seconds at its end. A
 * server that does not answer is warned of once and tried again every few seconds; one that refuses
 * is warned of and left alone. The run's own files have everything in any case.
 *
 * <p>Going on with a stopped run goes on with the same run on the server; lines it made before and
 * makes again have the same values and are not sent twice. Values that are not finite are left out.
 */
public final class MlflowTracker implements AutoCloseable {
  /** The environment variable of the token, which is sent to the server and never written. */
  public static final String TOKEN = "MLFLOW_TRACKING_TOKEN";

  private static final int LAST_SECONDS = 15;
  private static final long AGAIN_MILLIS = 5_000;
  private static final int MOST_WAITING = 10_000;

  /** Older servers take no longer ones. */
  private static final int LONGEST_PARAM = 250;

  private final Path directory;
  private final MlflowClient client;
  private final Description about;
  private final Consumer<String> warning;
  private final Clock clock;
  private final Thread thread;
  private final Map<String, Long> taken;

  private final Deque<Stamped> waiting = new ArrayDeque<>(); // guarded by itself, as the next two
  private Optional<End> end = Optional.empty();
  private long lost;

  private MlflowRun run; // the thread's alone
  private boolean troubled;

  /** How a run ended, in MLflow's words. */
  public enum End {
    /** It has a result. */
    FINISHED,
    /** An error or a divergence. */
    FAILED,
    /** Stopped on request; going on makes it run again. */
    KILLED
  }

  /**
   * What is said of a run when it begins.
   *
   * @param name the run's name on the server
   * @param tags few and short
   * @param params its configuration, flat; values are cut to 250 characters
   */
  public record Description(String name, Map<String, String> tags, Map<String, String> params) {}

  private record Stamped(MetricLine line, long millis) {}

  private MlflowTracker(
      Path directory,
      MlflowRun run,
      MlflowClient client,
      Description about,
      Consumer<String> warning,
      Clock clock) {
    this.directory = directory;
    this.run = run;
    this.client = client;
    this.about = about;
    this.warning = warning;
    this.clock = clock;
    this.taken = new TreeMap<>(run.sent());
    this.thread = new Thread(this::work, "mlflow");
    thread.setDaemon(true);
  }

  /**
   * Begins to report a run.
   *
   * @param directory the run's, where the record is kept up to date
   * @param run its record there
   * @param token what the server wants to see, if anything
   * @param warning takes one line of text, from any thread
   */
  public static MlflowTracker start(
      Path directory,
      MlflowRun run,
      Description about,
      Optional<String> token,
      Consumer<String> warning,
      Clock clock) {
    MlflowTracker tracker =
        new MlflowTracker(
            directory, run, new MlflowClient(run.server(), token), about, warning, clock);
    tracker.thread.start();
    return tracker;
  }

  /** Takes a line, to be sent soon. */
  public void line(MetricLine line) {
    synchronized (waiting) {
      String split = line.split().key();
      if (line.step() <= taken.getOrDefault(split, -1L)) {
        return;
      }
      taken.put(split, line.step());
      if (waiting.size() == MOST_WAITING) {
        waiting.removeFirst();
        lost++;
      }
      waiting.addLast(new Stamped(line, clock.millis()));
      waiting.notifyAll();
    }
  }

  /** Says how the run ended; {@link #close} waits for the rest to be sent. */
  public void end(End how) {
    synchronized (waiting) {
      if (end.isEmpty()) {
        end = Optional.of(how);
        waiting.notifyAll();
      }
    }
  }

  /** Waits a little for what is left; a run of which nothing was said has failed. */
  @Override
  public void close() {
    end(End.FAILED);
    try {
      thread.join(LAST_SECONDS * 1000L);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      // It gives up by itself; an interrupt could hit it while it writes its record.
      warning.accept(words("no answer in time; what is missing there is in metrics.jsonl"));
    }
  }

  private void work() {
    try {
      boolean known = run.id().isPresent();
      boolean begun = attempt(this::begin) && (known || attempt(this::describe));
      while (begun) {
        List<Stamped> batch = next();
        if (batch.isEmpty()) {
          break;
        }
        begun = attempt(() -> send(batch));
      }
      if (begun) {
        attempt(this::finish);
      }
    } catch (UncheckedIOException e) {
      warning.accept(words(e.getMessage() + "; nothing more is sent"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody waits any more
    }
  }

  private interface Call {
    void make() throws IOException, InterruptedException;
  }

  /** Tries until it works, until the server refuses, or once more after the end of the run. */
  private boolean attempt(Call call) throws InterruptedException {
    while (true) {
      boolean last = ended();
      try {
        call.make();
        troubled = false;
        return true;
      } catch (MlflowClient.Refused e) {
        warning.accept(words(e.getMessage() + "; nothing more is sent"));
        return false;
      } catch (IOException e) {
        if (last) {
          warning.accept(words(reason(e) + "; gave up, what is missing there is in metrics.jsonl"));
          return false;
        }
        if (!troubled) {
          troubled = true;
          warning.accept(words(reason(e) + "; trying again while the run goes on"));
        }
        pause();
      }
    }
  }

  private void begin() throws IOException, InterruptedException {
    if (run.id().isPresent()) {
      client.update(run.id().get(), "RUNNING", OptionalLong.empty());
      return;
    }
    String experiment = client.experiment(run.experiment());
    String id = client.create(experiment, about.name(), clock.millis(), about.tags());
    run = run.withId(id);
    run.write(directory);
  }

  private void describe() throws IOException, InterruptedException {
    String id = run.id().orElseThrow();
    Map<String, String> part = new LinkedHashMap<>();
    for (Map.Entry<String, String> param : about.params().entrySet()) {
      String value = param.getValue();
      part.put(
          param.getKey(),
          value.length() > LONGEST_PARAM ? value.substring(0, LONGEST_PARAM - 1) + "…" : value);
      if (part.size() == MlflowClient.MOST_PARAMS) {
        client.log(id, List.of(), part);
        part.clear();
      }
    }
    if (!part.isEmpty()) {
      client.log(id, List.of(), part);
    }
  }

  /** Lines for one request, as they come; none once the run has ended and all are sent. */
  private List<Stamped> next() throws InterruptedException {
    synchronized (waiting) {
      while (waiting.isEmpty() && end.isEmpty()) {
        waiting.wait();
      }
      List<Stamped> batch = new ArrayList<>();
      int metrics = 0;
      while (!waiting.isEmpty()) {
        metrics += waiting.peekFirst().line().metrics().size();
        if (!batch.isEmpty() && metrics > MlflowClient.MOST_METRICS) {
          break;
        }
        batch.add(waiting.removeFirst());
      }
      return batch;
    }
  }

  private void send(List<Stamped> batch) throws IOException, InterruptedException {
    List<MlflowClient.Metric> metrics = new ArrayList<>();
    Map<String, Long> sent = new TreeMap<>(run.sent());
    for (Stamped stamped : batch) {
      MetricLine line = stamped.line();
      line.metrics()
          .forEach(
              (key, value) -> {
                if (Double.isFinite(value)) {
                  metrics.add(
                      new MlflowClient.Metric(
                          line.split().key() + "/" + key, value, stamped.millis(), line.step()));
                }
              });
      sent.put(line.split().key(), line.step());
    }
    for (int from = 0; from < metrics.size(); from += MlflowClient.MOST_METRICS) {
      int to = Math.min(from + MlflowClient.MOST_METRICS, metrics.size());
      client.log(run.id().orElseThrow(), metrics.subList(from, to), Map.of());
    }
    run = run.withSent(sent);
    run.write(directory);
  }

  private void finish() throws IOException, InterruptedException {
    End how;
    synchronized (waiting) {
      how = end.orElseThrow();
      if (lost > 0) {
        warning.accept(words(lost + " lines were not sent; metrics.jsonl has them"));
      }
    }
    client.update(run.id().orElseThrow(), how.name(), OptionalLong.of(clock.millis()));
  }

  private boolean ended() {
    synchronized (waiting) {
      return end.isPresent();
    }
  }

  private void pause() throws InterruptedException {
    synchronized (waiting) {
      long until = System.nanoTime() + AGAIN_MILLIS * 1_000_000;
      for (long left = AGAIN_MILLIS; left > 0 && end.isEmpty(); ) {
        waiting.wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
    }
  }

  private String words(String what) {
    return "mlflow: " + run.server() + ": " + what;
  }

  private static String reason(IOException e) {
    String said = e.getMessage();
    return said == null || said.isBlank() ? "cannot be reached" : said;
  }
}
