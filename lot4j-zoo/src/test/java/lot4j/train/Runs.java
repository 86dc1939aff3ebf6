package lot4j.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointStore;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;

/** Whole runs in this process on the built-in digits, and what they leave behind. */
final class Runs {
  static final Catalog CATALOG = Catalog.load();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A few seconds of everything: two networks, labels for 60 digits, a validation split. */
  static final String SMALL =
      """
      name: small
      task: {kind: image, data: digits, train-examples: 60}
      method: lot
      teacher: {model: mlp, hidden: [16]}
      students: [{model: mlp, hidden: [12]}]
      optimizer: {kind: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weight-decay: 1e-4}
      schedule: {kind: cosine}
      budget: {updates: 12}
      batch-size: 16
      eval-every: 4
      checkpoint: {every: 5}
      threads: 1
      """;

  private Runs() {}

  static RunConfig config(String yaml, String... overrides) {
    return new ConfigReader(CATALOG)
        .readRun(ConfigSource.of("test.yaml", yaml), List.of(overrides))
        .withDevice("cpu"); // elsewhere equal bits are not promised
  }

  static RunSession session() {
    return new RunSession(CATALOG, Path.of("no-such-directory"));
  }

  /** Begins a run. */
  static Path create(Path directory, RunConfig config) {
    RunSession session = session();
    try (Prepared<?> prepared = session.prepare(config)) {
      session.create(directory, config, config.method(), prepared);
    }
    return directory;
  }

  /** A run from its beginning to its end. */
  static Outcome run(Path directory, String yaml, String... overrides) {
    create(directory, config(yaml, overrides));
    return proceed(directory, () -> false);
  }

  static Outcome proceed(Path directory, BooleanSupplier stop) {
    return session().proceed(directory, Listener.none(), stop);
  }

  /** Asks to stop after so many further updates. */
  static BooleanSupplier after(int updates) {
    int[] left = {updates};
    return () -> --left[0] <= 0;
  }

  static Checkpoint latest(Path directory) {
    return new CheckpointStore(directory, 2, Map.of()).latest(warning -> {}).orElseThrow();
  }

  /** The bytes of a learner's file in the last checkpoint. */
  static byte[] weights(Path directory, String learner) {
    return bytes(latest(directory).path().resolve(learner + ".safetensors"));
  }

  /** Every file of the last checkpoint and of the chosen one; clocks taken out. */
  static Map<String, String> lastFiles(Path directory) {
    Map<String, String> files = new TreeMap<>();
    Path checkpoints = directory.resolve("checkpoints");
    for (String name : List.of("latest", "best")) {
      if (Files.exists(checkpoints.resolve(name))) {
        String step = text(checkpoints.resolve(name)).strip();
        files.put(name, step);
        for (Path file : list(checkpoints.resolve(step))) {
          files.put(name + "/" + file.getFileName(), content(file));
        }
      }
    }
    return files;
  }

  private static String content(Path file) {
    String name = file.getFileName().toString();
    if (name.equals("manifest.json")) {
      return ""; // digests of the rest, its clocks included
    }
    if (!name.equals("state.json")) {
      return java.util.Arrays.toString(bytes(file));
    }
    ObjectNode state = (ObjectNode) json(file);
    ObjectNode entries = (ObjectNode) state.get("entries");
    entries.remove("seconds");
    // Offsets differ with the digits of the clock.
    for (Iterator<String> names = entries.fieldNames(); names.hasNext(); ) {
      if (names.next().startsWith("sink")) {
        names.remove();
      }
    }
    return state.toString();
  }

  /** The lines of metrics.jsonl without clocks and memory. */
  static List<String> metrics(Path directory) {
    List<String> lines = new ArrayList<>();
    for (JsonNode line : metricLines(directory)) {
      lines.add(timeless((ObjectNode) line));
    }
    return lines;
  }

  static List<JsonNode> metricLines(Path directory) {
    try {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : Files.readAllLines(directory.resolve("metrics.jsonl"))) {
        lines.add(JSON.readTree(line));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** result.json without clocks and memory. */
  static String result(Path directory) {
    return timeless((ObjectNode) json(directory.resolve("result.json")));
  }

  static JsonNode json(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String timeless(ObjectNode node) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (name.equals("wall_s") || name.endsWith("_per_s") || name.endsWith("_bytes")) {
        names.remove();
      }
    }
    return node.toString();
  }

  static List<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
