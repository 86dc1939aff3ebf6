package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;

/**
 * {@code sweep.json}, written and read. What can be computed from the values of the seeds is
 * written for other programs and computed again on reading.
 */
final class SweepJson {
  private static final String SCHEMA = "lot4j-sweep-1";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SweepJson() {}

  static ObjectNode of(SweepResult sweep) {
    ObjectNode root = JSON.objectNode();
    root.put("schema", SCHEMA);
    root.put("name", sweep.name());
    root.put("data", sweep.data());
    root.put("method", sweep.method());
    root.put("status", sweep.status());
    ArrayNode grid = root.putArray("grid");
    for (SweepAxis axis : sweep.axes()) {
      ObjectNode node = grid.addObject().put("key", axis.key()).put("text", axis.text());
      axis.values().forEach(node.withArray("values")::add);
    }
    number(root, "points", sweep.points());
    number(root, "sweep_seed", sweep.drawn());
    number(root, "eta", sweep.eta());
    sweep.seeds().forEach(root.putArray("seeds")::add);
    metric(root.putObject("metric"), sweep.metric());
    root.put("selects", sweep.selects());
    root.put("runs", sweep.runs());
    ArrayNode rungs = root.putArray("rungs");
    for (SweepRung rung : sweep.rungs()) {
      ObjectNode node = rungs.addObject();
      node.putObject("budget").put(rung.unit(), rung.budget());
      ObjectNode scores = node.putObject("scores");
      rung.scores().forEach((id, score) -> number(scores, id, score));
      rung.promoted().forEach(node.putArray("promoted")::add);
    }
    List<SweepTrial> ranked = sweep.ranked();
    ArrayNode trials = root.putArray("trials");
    for (SweepTrial trial : sweep.trials()) {
      ObjectNode node = trials.addObject().put("id", trial.id());
      ObjectNode values = node.putObject("values");
      trial.values().forEach(values::set);
      node.put("rung", trial.rung());
      if (sweep.selects() && trial.score().mean().isPresent()) {
        node.put("rank", 1 + ranked.indexOf(trial));
      } else {
        node.putNull("rank");
      }
      scored(node, trial.score(), trial.baselines());
    }
    if (sweep.winner().isPresent()) {
      SweepWinner winner = sweep.winner().get();
      ObjectNode node = root.putObject("winner").put("id", winner.id());
      ObjectNode test = node.putObject("test");
      metric(test, winner.metric());
      scored(test, winner.score(), winner.baselines());
    } else {
      root.putNull("winner");
    }
    return root;
  }

  private static void metric(ObjectNode node, Metric metric) {
    node.put("name", metric.name()).put("split", metric.split());
    node.put("higher_is_better", metric.higherIsBetter());
  }

  private static void scored(ObjectNode node, SweepScore score, List<SweepScore> baselines) {
    score(node, score);
    ObjectNode others = node.putObject("baselines");
    for (SweepScore baseline : baselines) {
      ObjectNode other = others.putObject(baseline.label());
      score(other, baseline);
      PairedTest test = score.minus(baseline);
      ObjectNode difference = other.putObject("difference");
      difference.put("n", test.n());
      number(difference, "mean", test.difference());
      interval(difference, "ci95", test.bootstrap());
      interval(difference, "ci95_t", test.studentT());
    }
  }

  private static void score(ObjectNode node, SweepScore score) {
    node.put("label", score.label());
    node.put("status", score.status());
    ObjectNode values = node.putObject("scores");
    score.values().forEach((seed, value) -> number(values, Long.toString(seed), value));
    number(node, "mean", score.mean());
    PairedTest over = score.over();
    interval(node, "ci95", over.bootstrap());
    interval(node, "ci95_t", over.studentT());
    number(node, "flops", score.flops());
    number(node, "wall_s", score.wallSeconds());
    ObjectNode runs = node.putObject("runs");
    score.runs().forEach((seed, run) -> runs.put(Long.toString(seed), run));
  }

  private static void number(ObjectNode node, String key, OptionalDouble value) {
    value.ifPresentOrElse(v -> node.put(key, v), () -> node.putNull(key));
  }

  private static void number(ObjectNode node, String key, OptionalLong value) {
    value.ifPresentOrElse(v -> node.put(key, v), () -> node.putNull(key));
  }

  private static void interval(ObjectNode node, String key, Optional<Interval> interval) {
    interval.ifPresentOrElse(
        ends -> node.putArray(key).add(ends.low()).add(ends.high()), () -> node.putNull(key));
  }

  static SweepResult read(Path file) {
    JsonFile root = JsonFile.read(file);
    if (!root.requiredText("schema").equals(SCHEMA)) {
      throw new ReportException(
          file, "schema = " + root.requiredText("schema") + " is not allowed; " + SCHEMA);
    }
    List<Long> seeds = new ArrayList<>();
    root.object().path("seeds").forEach(seed -> seeds.add(seed.asLong()));
    List<SweepAxis> axes = new ArrayList<>();
    for (JsonFile axis : objects(root, "grid")) {
      List<JsonNode> values = new ArrayList<>();
      axis.object().path("values").forEach(values::add);
      axes.add(new SweepAxis(axis.requiredText("key"), axis.requiredText("text"), values));
    }
    List<SweepRung> rungs = new ArrayList<>();
    objects(root, "rungs").forEach(rung -> rungs.add(rung(rung)));
    List<SweepTrial> trials = new ArrayList<>();
    objects(root, "trials").forEach(trial -> trials.add(trial(trial, axes)));
    return new SweepResult(
        root.requiredText("name"),
        root.text("data").orElse(""),
        root.requiredText("method"),
        root.requiredText("status"),
        axes,
        whole(root, "points"),
        whole(root, "sweep_seed"),
        whole(root, "eta"),
        seeds,
        metric(root.child("metric")),
        root.requiredBoolean("selects"),
        rungs,
        trials,
        root.requiredInteger("runs"),
        root.object().path("winner").isObject()
            ? Optional.of(winner(root.child("winner")))
            : Optional.empty());
  }

  private static SweepRung rung(JsonFile node) {
    String unit = keys(node.child("budget")).stream().findFirst().orElse("");
    List<String> promoted = new ArrayList<>();
    node.object().path("promoted").forEach(id -> promoted.add(id.asText()));
    Map<String, OptionalDouble> scores = new LinkedHashMap<>();
    JsonFile written = node.child("scores");
    keys(written).forEach(id -> scores.put(id, written.number(id)));
    return new SweepRung(
        unit, node.child("budget").number(unit).orElse(Double.NaN), scores, promoted);
  }

  private static SweepTrial trial(JsonFile node, List<SweepAxis> axes) {
    JsonFile written = node.child("values");
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (SweepAxis axis : axes) {
      JsonNode value = written.object().get(axis.key());
      if (value == null) {
        throw new ReportException(node.path(), "a trial's value of " + axis.key() + " is missing");
      }
      values.put(axis.key(), value);
    }
    return new SweepTrial(
        node.requiredText("id"),
        values,
        Math.toIntExact(node.requiredInteger("rung")),
        score(node),
        baselines(node));
  }

  private static SweepWinner winner(JsonFile node) {
    JsonFile test = node.child("test");
    return new SweepWinner(node.requiredText("id"), metric(test), score(test), baselines(test));
  }

  private static List<SweepScore> baselines(JsonFile node) {
    JsonFile others = node.child("baselines");
    return keys(others).stream().map(label -> score(others.child(label))).toList();
  }

  private static SweepScore score(JsonFile node) {
    Map<Long, OptionalDouble> values = new LinkedHashMap<>();
    JsonFile written = node.child("scores");
    keys(written).forEach(seed -> values.put(seed(node, seed), written.number(seed)));
    Map<Long, String> runs = new LinkedHashMap<>();
    JsonFile paths = node.child("runs");
    keys(paths).forEach(seed -> runs.put(seed(node, seed), paths.requiredText(seed)));
    return new SweepScore(
        node.requiredText("label"),
        node.requiredText("status"),
        values,
        node.number("flops"),
        node.number("wall_s"),
        runs);
  }

  private static long seed(JsonFile node, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ReportException(node.path(), "seed " + text + " is not a whole number", e);
    }
  }

  private static Metric metric(JsonFile node) {
    return new Metric(
        node.requiredText("name"),
        node.requiredText("split"),
        node.requiredBoolean("higher_is_better"));
  }

  private static OptionalLong whole(JsonFile node, String key) {
    return node.object().path(key).isNumber()
        ? OptionalLong.of(node.requiredInteger(key))
        : OptionalLong.empty();
  }

  private static List<JsonFile> objects(JsonFile node, String key) {
    List<JsonFile> objects = new ArrayList<>();
    for (JsonNode item : node.object().path(key)) {
      if (!(item instanceof ObjectNode object)) {
        throw new ReportException(node.path(), key + " holds what is not an object");
      }
      objects.add(new JsonFile(node.path(), object));
    }
    return objects;
  }

  private static List<String> keys(JsonFile node) {
    List<String> keys = new ArrayList<>();
    node.object().fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
