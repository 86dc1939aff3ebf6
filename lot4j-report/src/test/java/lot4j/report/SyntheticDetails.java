package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** Writes a run's details and its evaluations on other data, made up. */
final class SyntheticDetails {
  private SyntheticDetails() {}

  /**
   * {@code details.json}: three bins, and a confusion matrix with 9 right and 1 wrong per class.
   */
  static void write(Path run, List<String> classes, String... learners) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schema", "lot4j-details-1").put("split", "test");
    classes.forEach(json.putArray("classes")::add);
    ObjectNode byLearner = json.putObject("learners");
    for (String learner : learners) {
      ObjectNode node = byLearner.putObject(learner);
      ArrayNode bins = node.putArray("reliability");
      bin(bins, 0.0, 0.5, 0, 0, 0);
      bin(bins, 0.5, 0.75, 10, 0.6, 0.5);
      bin(bins, 0.75, 1.0, 30, 0.9, 0.8);
      ArrayNode confusion = node.putArray("confusion");
      for (int i = 0; i < classes.size(); i++) {
        ArrayNode row = confusion.addArray();
        for (int j = 0; j < classes.size(); j++) {
          row.add(i == j ? 9 : j == (i + 1) % classes.size() ? 1 : 0);
        }
      }
    }
    SyntheticRuns.write(run.resolve("details.json"), json.toString());
  }

  /** A file of {@code evals}. */
  static void evaluation(Path run, String file, String data, double accuracy) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schema", "lot4j-eval-1").put("data", data).put("split", "test").put("step", 600);
    json.putObject("learners").putObject("teacher").put("accuracy", accuracy).put("loss", 0.5);
    SyntheticRuns.write(run.resolve("evals").resolve(file), json.toString());
  }

  private static void bin(
      ArrayNode bins, double from, double to, int n, double confidence, double accuracy) {
    ObjectNode bin = bins.addObject().put("from", from).put("to", to).put("n", n);
    bin.put("confidence", confidence).put("accuracy", accuracy);
  }
}
