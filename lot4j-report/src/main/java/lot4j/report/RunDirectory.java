package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One run as it lies on disk: finished, going on, or stopped.
 *
 * <p>Reads {@code run.json}, {@code result.json}, {@code metrics.jsonl} and {@code config.yaml};
 * nothing refers to where the directory was made, so a copy reads the same.
 *
 * @param path the directory
 * @param name the configuration's name
 * @param label the method's label in a comparison
 * @param method the method's name, such as {@code lot} or {@code teacher-only}
 * @param seed the run's seed
 * @param status how the run stands
 * @param manifest the whole of {@code run.json}; read it, do not change it
 * @param result the final numbers; present if and only if the run is done
 * @param metrics the lines of {@code metrics.jsonl}
 * @param config the text of {@code config.yaml}; empty if the file is absent
 */
public record RunDirectory(
    Path path,
    String name,
    String label,
    String method,
    long seed,
    Status status,
    JsonNode manifest,
    Optional<FinalResult> result,
    List<MetricLine> metrics,
    String config) {
  /** Keeps a copy of the lines. */
  public RunDirectory {
    metrics = List.copyOf(metrics);
  }

  /** Whether {@code directory} holds a run. */
  public static boolean isRun(Path directory) {
    return Files.isRegularFile(directory.resolve("run.json"));
  }

  /**
   * Reads a run.
   *
   * @throws ReportException naming the file, if one is missing, damaged or contradicts another
   */
  public static RunDirectory read(Path directory) {
    if (!isRun(directory)) {
      throw new ReportException(
          directory, Files.isDirectory(directory) ? "no run.json in it" : "no such directory");
    }
    JsonFile run = JsonFile.read(directory.resolve("run.json"));
    String word = run.requiredText("status");
    Status status =
        Status.of(word)
            .orElseThrow(
                () ->
                    new ReportException(
                        run.path(),
                        "status = "
                            + word
                            + " is not allowed; one of "
                            + Arrays.stream(Status.values()).map(Status::word).toList()));
    String method = run.requiredText("method");
    Path config = directory.resolve("config.yaml");
    return new RunDirectory(
        directory,
        run.text("name").orElse(nameOf(directory)),
        run.text("label").orElse(method),
        method,
        run.requiredInteger("seed"),
        status,
        run.object(),
        status == Status.DONE
            ? Optional.of(result(directory.resolve("result.json")))
            : Optional.empty(),
        metrics(directory.resolve("metrics.jsonl")),
        Files.exists(config) ? JsonFile.text(config) : "");
  }

  /** The directory's own name. */
  public String directoryName() {
    return nameOf(path);
  }

  /** The name of the data, such as {@code cifar100[8000/2000]}; empty if not recorded. */
  public String data() {
    return manifest.path("data").path("name").asText("");
  }

  /** What kind of task it trained on, such as {@code rl}; empty if not recorded. */
  public String taskKind() {
    return TaskKind.of(config);
  }

  /**
   * Samples of the teacher up to the last line of metrics; environment steps in reinforcement
   * learning. Empty before the first line.
   */
  public OptionalDouble samples() {
    return metrics.stream().flatMapToDouble(line -> line.number("samples").stream()).max();
  }

  /** The same run under another label. */
  public RunDirectory withLabel(String other) {
    return new RunDirectory(
        path, name, other, method, seed, status, manifest, result, metrics, config);
  }

  /** The value that is compared: empty unless the run is done and the number finite. */
  public OptionalDouble value() {
    return result.map(FinalResult::value).orElse(OptionalDouble.empty());
  }

  private static String nameOf(Path directory) {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name == null ? directory.toString() : name.toString();
  }

  private static FinalResult result(Path file) {
    if (!Files.exists(file)) {
      throw new ReportException(file, "no such file, though run.json says the run is done");
    }
    JsonFile json = JsonFile.read(file);
    JsonFile primary = json.child("primary");
    return new FinalResult(
        new Metric(
            primary.requiredText("name"),
            primary.text("split").orElse("test"),
            primary.requiredBoolean("higher_is_better")),
        primary.number("value"),
        splits(json.child("splits")),
        json.text("selected_on").orElse(""),
        json.number("selected_step"),
        json.number("teacher_updates"),
        json.number("student_updates"),
        json.number("flops"),
        json.number("wall_s"),
        json.number("peak_rss_bytes"));
  }

  private static Map<String, Map<String, Map<String, Double>>> splits(JsonFile json) {
    Map<String, Map<String, Map<String, Double>>> splits = new LinkedHashMap<>();
    for (String split : names(json.object())) {
      JsonFile learners = json.child(split);
      Map<String, Map<String, Double>> byLearner = new LinkedHashMap<>();
      for (String learner : names(learners.object())) {
        byLearner.put(learner, numbers(learners.child(learner).object()));
      }
      splits.put(split, byLearner);
    }
    return splits;
  }

  /**
   * A line cut short by a crash can only be the last, and has no line end: it is left out. Damage
   * anywhere else is an error.
   */
  private static List<MetricLine> metrics(Path file) {
    List<MetricLine> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      return lines;
    }
    byte[] bytes = JsonFile.bytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    String[] whole = JsonFile.utf8(file, Arrays.copyOf(bytes, end)).split("\n", -1);
    for (int i = 0; i < whole.length; i++) {
      if (!whole[i].isBlank()) {
        lines.add(line(file, "line " + (i + 1) + ": ", whole[i]));
      }
    }
    String tail = new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8).strip();
    if (tail.endsWith("}")) {
      try {
        lines.add(line(file, "last line: ", tail));
      } catch (ReportException cutShort) {
        return lines; // the brace was an inner one
      }
    }
    return lines;
  }

  private static MetricLine line(Path file, String where, String text) {
    ObjectNode object = JsonFile.object(file, where, text);
    if (!object.path("step").canConvertToLong() || !object.path("split").isTextual()) {
      throw new ReportException(file, where + "no step or no split");
    }
    return new MetricLine(
        object.path("step").longValue(), object.path("split").textValue(), numbers(object));
  }

  private static Map<String, Double> numbers(ObjectNode object) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String key : names(object)) {
      JsonNode value = object.get(key);
      if (value.isNumber() && Double.isFinite(value.doubleValue())) {
        numbers.put(key, value.doubleValue());
      }
    }
    return numbers;
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
