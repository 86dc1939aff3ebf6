package lot4j.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.Shape;
import lot4j.checkpoint.AtomicFile;
import lot4j.config.RunConfig;
import lot4j.distributed.Bucketing;
import lot4j.distributed.Company;

/**
 * {@code run.json}, {@code result.json} and {@code details.json} of a run directory, each written
 * whole or not at all.
 */
final class RunFiles {
  /** The file that makes a directory a run's. */
  static final String RUN = "run.json";

  private static final String SCHEMA = "lot4j-run-1";
  private static final String BUCKETS = "bucket_mb";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final ObjectNode run;
  private String onDisk;

  private RunFiles(Path directory, ObjectNode run, String onDisk) {
    this.directory = directory;
    this.run = run;
    this.onDisk = onDisk;
  }

  /** What {@code run.json} says of a run that is about to begin. */
  static byte[] begun(
      RunConfig config,
      String label,
      String digest,
      Prepared<?> prepared,
      Map<String, List<Prepared.Source>> origins,
      Company company) {
    ObjectNode run = JSON.createObjectNode();
    run.put("schema", SCHEMA);
    run.put("name", config.name());
    run.put("label", label);
    run.put("method", config.method());
    run.put("seed", config.seed());
    run.put("status", RunStatus.RUNNING.key());
    Provenance.versions().forEach(run.putObject("versions")::put);
    run.put("cpu_capability", Provenance.cpuCapability());
    run.put("device", config.execution().device());
    run.put("precision", config.execution().precision().name().toLowerCase(java.util.Locale.ROOT));
    run.put("threads", config.execution().threads().orElseThrow());
    if (company.size() > 1) {
      run.put("processes", company.size());
      run.put(BUCKETS, company.bucketing().text());
    }
    run.put("started", now());
    run.putNull("ended");
    run.set("data", data(prepared));
    if (!origins.isEmpty()) {
      ObjectNode began = run.putObject("init_from");
      origins.forEach((learner, files) -> list(began.putArray(learner), files));
    }
    run.put("config_digest", digest);
    return text(run).getBytes(StandardCharsets.UTF_8);
  }

  /** A run that was begun before. */
  static RunFiles read(Path directory) {
    Path file = directory.resolve(RUN);
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      JsonNode node = JSON.readTree(text);
      if (!(node instanceof ObjectNode object)) {
        throw new DataException(file + ": not a JSON object");
      }
      return new RunFiles(directory, object, text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new DataException(file + ": not JSON: " + e.getOriginalMessage(), e);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new DataException(file + ": no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  String status() {
    return run.path("status").asText();
  }

  String text(String key) {
    return run.path(key).asText();
  }

  long seed() {
    return run.path("seed").asLong();
  }

  /** How many processes train it. */
  int processes() {
    return run.path("processes").asInt(1);
  }

  /** The files of data that has been read, to be compared. */
  static String read(Prepared<?> prepared) {
    return data(prepared).path("files").toString();
  }

  /**
   * What was recorded at the start and is not so now, in words; empty if nothing differs. Of two
   * processes the buckets make no difference.
   */
  Optional<String> differences(Bucketing buckets) {
    StringBuilder words = new StringBuilder();
    Provenance.versions()
        .forEach((name, now) -> differ(words, name, run.path("versions").path(name).asText(), now));
    differ(words, "CPU", run.path("cpu_capability").asText(), Provenance.cpuCapability());
    if (processes() > 2) {
      String before = run.path(BUCKETS).asText(Bucketing.never().text()); // not there: as a whole
      differ(words, Bucketing.VARIABLE, before, buckets.text());
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(words.toString());
  }

  /** Whether the data is that of the start. */
  boolean sameData(Prepared<?> prepared) {
    // As text: a number read back may be of another width than the one written.
    String recorded = run.path("data").path("files").toString();
    return recorded.equals(data(prepared).path("files").toString());
  }

  /**
   * The shape of one input, as the networks were built for.
   *
   * @throws DataException if the run was begun before this was recorded
   */
  Shape input() {
    JsonNode input = run.path("data").path("input");
    List<Long> sizes = new ArrayList<>();
    input.path("sizes").forEach(size -> sizes.add(size.asLong()));
    if (sizes.isEmpty()) {
      throw new DataException(
          directory.resolve("run.json")
              + ": data.input is not there; this run was begun by an older version");
    }
    return new Shape(sizes, input.path("tokens").asBoolean());
  }

  /** Number of classes or words, as the networks were built for. */
  int outputs() {
    return run.path("data").path("outputs").asInt();
  }

  private static void differ(StringBuilder words, String what, String before, String now) {
    if (!before.equals(now)) {
      words
          .append(words.isEmpty() ? "" : ", ")
          .append(what + " " + before + " then, " + now + " now");
    }
  }

  void status(RunStatus status, String message) {
    say(status, message);
    String text = text(run);
    if (!text.equals(onDisk)) { // a run that has just been made says already that it is running
      AtomicFile.write(directory.resolve(RUN), text);
      onDisk = text;
    }
  }

  private void say(RunStatus status, String message) {
    run.put("status", status.key());
    if (status == RunStatus.RUNNING) {
      run.putNull("ended");
    } else {
      run.put("ended", now());
    }
    if (message.isEmpty()) {
      run.remove("message");
    } else {
      run.put("message", message);
    }
  }

  /**
   * Writes {@code result.json}, and {@code details.json} if something lies behind the test scores;
   * and, as the last of them, that the run is done. They wait for the disk together.
   *
   * @param classes the names of the classes; empty if they have none
   */
  void done(Outcome outcome, Primary primary, List<String> classes, long peakBytes) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (!outcome.details().isEmpty()) {
      files.put(
          "details.json", (details(outcome, classes) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    files.put(
        "result.json", text(result(outcome, primary, peakBytes)).getBytes(StandardCharsets.UTF_8));
    say(outcome.status(), outcome.message());
    String text = text(run);
    files.put(RUN, text.getBytes(StandardCharsets.UTF_8));
    AtomicFile.writeAll(directory, files);
    onDisk = text;
  }

  private static ObjectNode result(Outcome outcome, Primary primary, long peakBytes) {
    ObjectNode result = JSON.createObjectNode();
    ObjectNode splits = result.putObject("splits");
    outcome
        .splits()
        .forEach(
            (split, learners) -> {
              ObjectNode at = splits.putObject(split);
              learners.forEach(
                  (learner, metrics) -> {
                    ObjectNode of = at.putObject(learner);
                    metrics.forEach((name, value) -> put(of, name, value));
                  });
            });
    ObjectNode deciding = result.putObject("primary");
    deciding.put("name", primary.name());
    put(deciding, "value", outcome.primary().orElse(Double.NaN));
    deciding.put("split", Split.TEST.key());
    deciding.put("higher_is_better", primary.higherIsBetter());
    result.put("selected_on", outcome.selectedOn());
    result.put("selected_step", outcome.selectedStep());
    result.put("teacher_updates", outcome.teacherUpdates());
    result.put("student_updates", outcome.studentUpdates());
    put(result, "flops", outcome.flops());
    put(result, "wall_s", outcome.wallSeconds());
    result.put("peak_rss_bytes", peakBytes);
    return result;
  }

  private static ObjectNode details(Outcome outcome, List<String> classes) {
    ObjectNode details = JSON.createObjectNode();
    details.put("schema", "lot4j-details-1");
    details.put("split", Split.TEST.key());
    if (!classes.isEmpty()) {
      classes.forEach(details.putArray("classes")::add);
    }
    ObjectNode learners = details.putObject("learners");
    outcome.details().forEach(learners::set);
    return details;
  }

  /** JSON knows no NaN: null, and the reason beside it. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
      node.put(name + "_reason", Double.isNaN(value) ? "not a number" : "infinite");
    }
  }

  private static String text(JsonNode node) {
    return node.toPrettyString() + "\n";
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static ObjectNode data(Prepared<?> prepared) {
    ObjectNode data = JSON.createObjectNode();
    data.put("name", prepared.dataName());
    list(data.putArray("files"), prepared.sources());
    ObjectNode input = data.putObject("input");
    ArrayNode sizes = input.putArray("sizes");
    prepared.input().sizes().forEach(size -> sizes.add((long) size));
    input.put("tokens", prepared.input().tokens());
    data.put("outputs", prepared.outputs());
    ObjectNode counts = data.putObject("counts");
    for (Map.Entry<String, Long> count : prepared.counts().entrySet()) {
      counts.put(count.getKey(), count.getValue());
    }
    return data;
  }

  private static void list(ArrayNode files, List<Prepared.Source> sources) {
    for (Prepared.Source source : sources) {
      files
          .addObject()
          .put("path", source.path())
          .put("bytes", source.bytes())
          .put("sha256", source.sha256());
    }
  }
}
