package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import lot4j.checkpoint.AtomicFile;
import lot4j.train.RunSession;
import lot4j.train.Split;

/** What a run's learners reach on other data, kept in its directory for reports. */
final class SavedEvaluation {
  private static final String FOLDER = "evals";
  private static final String SCHEMA = "lot4j-eval-1";
  private static final int LONGEST = 80;
  private static final ObjectMapper JSON = new ObjectMapper();

  private SavedEvaluation() {}

  /**
   * Writes {@code evals/<slug>.json}, in place of an earlier evaluation on the same data. A
   * directory that cannot be written to is no failure: it gets a note.
   *
   * @param data the name or path as the user gave it
   */
  static void write(Console console, Path run, String data, RunSession.Evaluated evaluated) {
    ObjectNode document = JSON.createObjectNode();
    document.put("schema", SCHEMA);
    document.put("data", data);
    document.put("split", Split.TEST.key());
    document.put("step", evaluated.step());
    document.set("learners", numbers(evaluated.learners()));
    Path folder = run.resolve(FOLDER);
    try {
      Files.createDirectories(folder);
      Path file = file(folder, data);
      AtomicFile.write(file, document.toPrettyString() + "\n");
      console.note("saved: " + file);
    } catch (UncheckedIOException e) {
      console.note("not saved: " + e.getMessage());
    } catch (IOException e) {
      console.note("not saved: " + folder + ": cannot be made; " + e.getMessage());
    }
  }

  /** The file of this data: the first with its slug that no other data has. */
  private static Path file(Path folder, String data) {
    String slug = slug(data);
    Path file = folder.resolve(slug + ".json");
    for (int i = 2; Files.exists(file) && !holds(file, data); i++) {
      file = folder.resolve(slug + "-" + i + ".json");
    }
    return file;
  }

  private static boolean holds(Path file, String data) {
    try {
      return JSON.readTree(file.toFile()).path("data").asText().equals(data);
    } catch (IOException e) {
      return false; // not understood, so not to be overwritten
    }
  }

  /** The last part of a name or path, in lower case, of letters, digits, dots and dashes. */
  static String slug(String data) {
    Path name = Path.of(data).toAbsolutePath().normalize().getFileName();
    String safe =
        (name == null ? "" : name.toString())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.]+", "-")
            .replaceAll("^[.-]+|[.-]+$", "");
    if (safe.isEmpty()) {
      return "data";
    }
    return safe.length() > LONGEST ? safe.substring(0, LONGEST) : safe;
  }

  /** Metrics by learner as JSON, which knows no NaN: null, and the reason beside it. */
  static ObjectNode numbers(Map<String, Map<String, Double>> learners) {
    ObjectNode all = JSON.createObjectNode();
    learners.forEach(
        (learner, metrics) -> {
          ObjectNode node = all.putObject(learner);
          metrics.forEach((name, value) -> put(node, name, value));
        });
    return all;
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
      node.put(name + "_reason", Double.isNaN(value) ? "not a number" : "infinite");
    }
  }
}
