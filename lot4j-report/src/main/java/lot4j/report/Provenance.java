package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the numbers come from: versions, machine and data as the runs recorded them. */
final class Provenance {
  /** What differs from run to run by its nature, or is shown elsewhere. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "name", "label", "method", "seed", "status", "started", "ended", "data", "config_digest");

  private Provenance() {}

  /**
   * Every other entry of {@code run.json} by its dotted name; values that differ stand together.
   */
  static Map<String, String> facts(Comparison comparison) {
    Map<String, Set<String>> found = new LinkedHashMap<>();
    for (RunDirectory run : runs(comparison)) {
      run.manifest()
          .properties()
          .forEach(
              entry -> {
                if (!LEFT_OUT.contains(entry.getKey())) {
                  collect(entry.getKey(), entry.getValue(), found);
                }
              });
    }
    Map<String, String> facts = new LinkedHashMap<>();
    found.forEach(
        (key, values) ->
            facts.put(key, (values.size() > 1 ? "differs: " : "") + String.join(" | ", values)));
    return facts;
  }

  /** The files that the runs read, each once: path, size, SHA-256. */
  static List<List<String>> files(Comparison comparison) {
    Set<List<String>> files = new LinkedHashSet<>();
    for (RunDirectory run : runs(comparison)) {
      for (JsonNode file : run.manifest().path("data").path("files")) {
        files.add(
            List.of(
                file.path("path").asText(""),
                Format.count(file.path("bytes").asDouble(0)) + " bytes",
                file.path("sha256").asText("")));
      }
    }
    return List.copyOf(files);
  }

  /** How many examples each split has, {@code train 200, valid 100, test 500}. */
  static String counts(Comparison comparison) {
    Set<String> counts = new LinkedHashSet<>();
    for (RunDirectory run : runs(comparison)) {
      StringBuilder text = new StringBuilder();
      run.manifest()
          .path("data")
          .path("counts")
          .properties()
          .forEach(
              entry ->
                  text.append(text.isEmpty() ? "" : ", ")
                      .append(entry.getKey())
                      .append(' ')
                      .append(entry.getValue().asText()));
      if (!text.isEmpty()) {
        counts.add(text.toString());
      }
    }
    return String.join(" | ", counts);
  }

  static List<RunDirectory> runs(Comparison comparison) {
    return comparison.methods().stream().flatMap(method -> method.runs().stream()).toList();
  }

  private static void collect(String key, JsonNode value, Map<String, Set<String>> into) {
    if (value.isObject()) {
      value.properties().forEach(e -> collect(key + "." + e.getKey(), e.getValue(), into));
    } else {
      String text = value.isValueNode() ? value.asText() : value.toString();
      into.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(text);
    }
  }
}
