package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run's {@code details.json} says of each learner: how far its confidence can be trusted,
 * and what it takes for what.
 *
 * @param split that was evaluated
 * @param classes their names; empty if the data has none
 * @param learners by name
 */
record RunDetails(String split, List<String> classes, Map<String, Learner> learners) {
  static final String FILE = "details.json";
  private static final String SCHEMA = "lot4j-details-1";

  /**
   * One learner.
   *
   * @param reliability bins of confidence, ascending
   * @param confusion true class → predicted class → count; empty where there are too many classes
   */
  record Learner(List<Bin> reliability, long[][] confusion) {}

  /** Predictions whose confidence lies in {@code (from, to]}. */
  record Bin(double from, double to, long n, double confidence, double accuracy) {}

  /**
   * Reads the file of a run; empty if there is none.
   *
   * @throws ReportException naming the file, if it is damaged
   */
  static Optional<RunDetails> read(Path run) {
    Path file = run.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonFile json = JsonFile.read(file);
    if (!json.requiredText("schema").equals(SCHEMA)) {
      throw new ReportException(
          file, "schema = " + json.requiredText("schema") + " is not allowed; " + SCHEMA);
    }
    List<String> classes = new ArrayList<>();
    json.object().path("classes").forEach(name -> classes.add(name.asText()));
    Map<String, Learner> learners = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.child("learners").object().properties()) {
      if (!(entry.getValue() instanceof ObjectNode node)) {
        throw new ReportException(file, "learners." + entry.getKey() + " is not an object");
      }
      learners.put(entry.getKey(), learner(file, node));
    }
    return Optional.of(new RunDetails(json.text("split").orElse("test"), classes, learners));
  }

  private static Learner learner(Path file, ObjectNode node) {
    List<Bin> bins = new ArrayList<>();
    for (JsonNode bin : node.path("reliability")) {
      bins.add(
          new Bin(
              bin.path("from").asDouble(),
              bin.path("to").asDouble(),
              bin.path("n").asLong(),
              bin.path("confidence").asDouble(),
              bin.path("accuracy").asDouble()));
    }
    JsonNode rows = node.path("confusion");
    long[][] confusion = new long[rows.size()][rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      if (rows.path(i).size() != rows.size()) {
        throw new ReportException(file, "confusion is not square: row " + i);
      }
      for (int j = 0; j < rows.size(); j++) {
        confusion[i][j] = rows.path(i).path(j).asLong();
      }
    }
    return new Learner(List.copyOf(bins), confusion);
  }
}
