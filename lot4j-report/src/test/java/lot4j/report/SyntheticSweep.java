package lot4j.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** Writes the {@code sweep.json} of a finished sweep over two keys, made up. */
final class SyntheticSweep {
  private SyntheticSweep() {}

  /** A trial for every pair of values, two seeds each. */
  static void write(Path directory, String name, List<String> first, List<String> second) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schema", "lot4j-sweep-1").put("name", name).put("data", "digits");
    json.put("method", "lot-paper").put("status", "done").put("selects", false);
    List<List<String>> axes = List.of(first, second);
    for (int axis = 0; axis < 2; axis++) {
      ObjectNode node = json.withArray("grid").addObject();
      node.put("key", key(axes, axis)).put("text", String.join(",", axes.get(axis)));
      axes.get(axis).forEach(node.putArray("values")::add);
    }
    json.putArray("seeds").add(0).add(1);
    json.putObject("metric").put("name", "accuracy").put("split", "valid");
    ((ObjectNode) json.path("metric")).put("higher_is_better", true);
    ObjectNode rung = json.putArray("rungs").addObject();
    rung.putObject("budget").put("epochs", 3);
    rung.putArray("promoted");
    int id = 0;
    for (String x : first) {
      for (String y : second) {
        ObjectNode trial = json.withArray("trials").addObject().put("id", "t" + id).put("rung", 0);
        trial.putObject("values").put(key(axes, 0), x).put(key(axes, 1), y);
        trial.put("label", "lot-paper").put("status", "done").putObject("baselines");
        trial.putObject("scores").put("0", 0.8 + 0.01 * id).put("1", 0.82 + 0.01 * id);
        trial.putObject("runs").put("0", "runs/" + id + "-0").put("1", "runs/" + id + "-1");
        trial.put("flops", 1e9).put("wall_s", 1);
        rung.withObject("scores").put("t" + id, 0.81 + 0.01 * id);
        id++;
      }
    }
    json.put("runs", 2 * id).putNull("winner");
    SyntheticRuns.write(directory.resolve("sweep.json"), json.toString());
  }

  /** The first value is the key's name too, so that a hostile value makes a hostile key. */
  private static String key(List<List<String>> axes, int axis) {
    return "lot." + axis + axes.get(axis).get(0);
  }
}
