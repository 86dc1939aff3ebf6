package lot4j.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What the list shows of one run: its manifest, its last lines, how fast it goes.
 *
 * <p>A look asks the file system for a few stamps and opens what changed; of {@code metrics.jsonl}
 * the end at first and then what is appended. Used by one thread at a time.
 */
final class RunFeed {
  /** Enough for the last line of every split and for a rate. */
  private static final int TAIL_BYTES = 1 << 14;

  private static final int MOST_NUMBERS = 2_000;

  /** A run that wrote a moment ago is alive, wherever its process may be. */
  private static final long FRESH_MILLIS = 60_000;

  private final Path directory;
  private final LineTail tail;
  private final Speed speed = new Speed();
  private final Map<String, Double> latest = new TreeMap<>();
  private Optional<Line> last = Optional.empty();
  private Optional<Stamp> manifestSeen = Optional.empty();
  private Optional<Stamp> resultSeen = Optional.empty();
  private Optional<Stamp> lockSeen = Optional.empty();
  private Optional<JsonNode> manifest = Optional.empty();
  private Optional<JsonNode> result = Optional.empty();
  private Optional<Goal> goal = Optional.empty();
  private long worker;
  private Standing standing = Standing.UNREADABLE;

  RunFeed(Path directory) {
    this.directory = directory;
    this.tail = LineTail.end(directory.resolve("metrics.jsonl"), TAIL_BYTES);
  }

  Path directory() {
    return directory;
  }

  Standing standing() {
    return standing;
  }

  /**
   * Looks at the files.
   *
   * @param now milliseconds since 1970
   * @return whether anything is different from the last look
   */
  boolean look(long now) {
    boolean changed = manifest();
    changed |= result();
    changed |= lock();
    changed |= tail.look(new Lines());
    Standing stands = stand(now);
    changed |= stands != standing;
    standing = stands;
    return changed;
  }

  private boolean manifest() {
    Optional<Stamp> stamp = Stamp.of(directory.resolve("run.json"));
    if (stamp.equals(manifestSeen)) {
      return false;
    }
    manifestSeen = stamp;
    manifest = Manifest.json(directory.resolve("run.json"));
    goal = Manifest.text(directory.resolve("config.yaml")).flatMap(Goal::of);
    return true;
  }

  private boolean result() {
    Optional<Stamp> stamp = Stamp.of(directory.resolve("result.json"));
    if (stamp.equals(resultSeen)) {
      return false;
    }
    resultSeen = stamp;
    result = Manifest.json(directory.resolve("result.json"));
    return true;
  }

  /** The lock's file names the process that works, or worked, on the run. */
  private boolean lock() {
    Optional<Stamp> stamp = Stamp.of(directory.resolve("lock"));
    if (stamp.equals(lockSeen)) {
      return false;
    }
    lockSeen = stamp;
    String text = Manifest.text(directory.resolve("lock")).orElse("").strip();
    worker = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : 0;
    return true;
  }

  private Standing stand(long now) {
    if (manifest.isEmpty()) {
      return Standing.UNREADABLE;
    }
    Standing recorded = Standing.recorded(text("status"));
    if (recorded != Standing.RUNNING) {
      return recorded;
    }
    if (lockSeen.isEmpty() && tail.size() == 0) {
      return Standing.WAITING;
    }
    boolean alive =
        now - changed() < FRESH_MILLIS
            || worker > 0 && ProcessHandle.of(worker).map(ProcessHandle::isAlive).orElse(false);
    return alive ? Standing.RUNNING : Standing.SILENT;
  }

  /** When a file of the run changed last, in milliseconds since 1970. */
  long changed() {
    return Math.max(
        tail.changed(),
        Math.max(
            manifestSeen.map(Stamp::changed).orElse(0L), lockSeen.map(Stamp::changed).orElse(0L)));
  }

  String label() {
    String label = text("label");
    return label.isEmpty() ? text("method") : label;
  }

  /** Part of the run that is done, 0 to 1. */
  double fraction() {
    if (standing == Standing.DONE) {
      return 1;
    }
    return goal.isPresent() && last.isPresent() ? goal.get().fraction(last.get()).orElse(0) : 0;
  }

  /** Seconds left at the time of {@link #changed()}; empty unless the run is going on. */
  OptionalDouble secondsLeft() {
    return standing == Standing.RUNNING && goal.isPresent()
        ? speed.secondsLeft(goal.get())
        : OptionalDouble.empty();
  }

  /** Seconds that the whole run takes: measured, or as it looks now. */
  OptionalDouble secondsInAll() {
    OptionalDouble spent = last.map(line -> line.number("wall_s")).orElse(OptionalDouble.empty());
    if (spent.isEmpty() || standing == Standing.DONE) {
      return spent;
    }
    OptionalDouble left = secondsLeft();
    return left.isPresent()
        ? OptionalDouble.of(spent.getAsDouble() + left.getAsDouble())
        : OptionalDouble.empty();
  }

  OptionalDouble samplesPerSecond() {
    return standing == Standing.RUNNING ? speed.perSecond("samples") : OptionalDouble.empty();
  }

  /** The last value of every number, by {@code split metric}. */
  Map<String, Double> latest() {
    return Map.copyOf(latest);
  }

  /** The run's row of the list. */
  ObjectNode row() {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("name", text("name"));
    row.put("label", label());
    row.put("method", text("method"));
    row.put("seed", manifest.map(m -> m.path("seed").asLong()).orElse(0L));
    row.put("status", standing.word());
    row.put("message", text("message"));
    row.put(
        "data", manifest.map(m -> Standing.cut(m.path("data").path("name").asText())).orElse(""));
    row.put("started", text("started"));
    row.put("ended", text("ended"));
    row.put("changed", changed());
    row.put("bytes", tail.size());
    row.put("fraction", fraction());
    for (String key : new String[] {"step", "epoch", "samples", "flops", "wall_s"}) {
      last.ifPresent(line -> line.number(key).ifPresent(value -> row.put(key, value)));
    }
    if (standing == Standing.RUNNING) {
      samplesPerSecond().ifPresent(rate -> row.put("samples_per_s", rate));
      speed.perSecond("step").ifPresent(rate -> row.put("updates_per_s", rate));
      secondsLeft().ifPresent(left -> row.put("seconds_left", left));
    }
    value(row);
    return row;
  }

  private void value(ObjectNode row) {
    Optional<JsonNode> primary =
        result.map(r -> r.path("primary")).filter(p -> p.path("value").isNumber());
    if (standing == Standing.DONE && primary.isPresent()) {
      row.put("value", primary.get().path("value").doubleValue());
      row.put(
          "value_of",
          Standing.cut(
              primary.get().path("split").asText("test")
                  + " teacher/"
                  + primary.get().path("name").asText()));
      return;
    }
    for (String split : new String[] {"valid", "train"}) {
      for (String quantity : new String[] {"return", "accuracy", "rmse", "perplexity", "loss"}) {
        String series = split + " teacher/" + quantity;
        if (latest.containsKey(series)) {
          row.put("value", latest.get(series));
          row.put("value_of", series);
          return;
        }
      }
    }
  }

  private String text(String key) {
    return manifest.map(m -> Standing.cut(m.path(key).asText(""))).orElse("");
  }

  private final class Lines implements LineTail.Lines {
    @Override
    public void anew() {
      latest.clear();
      speed.anew();
      last = Optional.empty();
    }

    @Override
    public void line(String text) {
      Line.of(text)
          .ifPresent(
              line -> {
                last = Optional.of(line);
                if (line.split().equals("train")) {
                  speed.line(line);
                }
                line.numbers()
                    .forEach(
                        (key, value) -> {
                          boolean shown = key.indexOf('/') > 0 || key.equals("lr");
                          if (shown && latest.size() < MOST_NUMBERS) {
                            latest.put(line.split() + " " + key, value);
                          }
                        });
              });
    }
  }
}
