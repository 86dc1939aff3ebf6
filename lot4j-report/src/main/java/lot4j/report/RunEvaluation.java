package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A finished run on data that it was not made for: a file of its folder {@code evals}, as {@code
 * lot eval RUN --data PATH} leaves it.
 *
 * @param data name of the data
 * @param split that was evaluated
 * @param learners learner → metric → value
 */
record RunEvaluation(String data, String split, Map<String, Map<String, Double>> learners) {
  static final String FOLDER = "evals";
  private static final String SCHEMA = "lot4j-eval-1";

  /**
   * All of a run, by file name.
   *
   * @throws ReportException naming the file, if one is damaged
   */
  static List<RunEvaluation> all(Path run) {
    Path folder = run.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(RunEvaluation::read)
          .toList();
    } catch (IOException e) {
      throw new ReportException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static RunEvaluation read(Path file) {
    JsonFile json = JsonFile.read(file);
    if (!json.requiredText("schema").equals(SCHEMA)) {
      throw new ReportException(
          file, "schema = " + json.requiredText("schema") + " is not allowed; " + SCHEMA);
    }
    Map<String, Map<String, Double>> learners = new LinkedHashMap<>();
    JsonFile all = json.child("learners");
    List<String> names = new ArrayList<>();
    all.object().fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> metric : all.child(name).object().properties()) {
        if (metric.getValue().isNumber() && Double.isFinite(metric.getValue().doubleValue())) {
          metrics.put(metric.getKey(), metric.getValue().doubleValue());
        }
      }
      learners.put(name, metrics);
    }
    return new RunEvaluation(
        json.requiredText("data"), json.text("split").orElse("test"), learners);
  }
}
