package lot4j.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/** Writes small run directories of reinforcement learning with made-up numbers. */
final class SyntheticReturns {
  static final int STEPS = 100_000;

  private final Path comparison;
  private boolean levels;

  SyntheticReturns(Path comparison) {
    this.comparison = comparison;
  }

  /** Runs have returns on training levels too, 50 above those on test levels. */
  SyntheticReturns withLevels() {
    levels = true;
    return this;
  }

  /** Finished runs of one method, seeds 0, 1, …, with these final returns. */
  SyntheticReturns method(String label, String method, double flops, double... returns) {
    return method(label, method, STEPS, flops, returns);
  }

  SyntheticReturns method(String label, String method, int steps, double flops, double... returns) {
    for (int seed = 0; seed < returns.length; seed++) {
      run(label, method, seed, "done", steps, flops, returns[seed]);
    }
    return this;
  }

  SyntheticReturns running(String label, String method, long seed) {
    run(label, method, seed, "running", STEPS, 1e9, 100);
    return this;
  }

  Comparison compare() {
    return Comparison.read(comparison);
  }

  private void run(
      String label, String method, long seed, String status, int steps, double flops, double last) {
    Path directory = comparison.resolve("runs").resolve(label + "-seed" + seed);
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    run.put("name", "cartpole").put("label", label).put("method", method);
    run.put("seed", seed).put("status", status);
    run.putObject("data").put("name", "cartpole");
    SyntheticRuns.write(directory.resolve("run.json"), run.toString());
    SyntheticRuns.write(
        directory.resolve("config.yaml"), "name: cartpole\ntask:\n  kind: rl\nmethod: lot\n");
    SyntheticRuns.write(directory.resolve("metrics.jsonl"), metrics(seed, steps, flops, last));
    if (status.equals("done")) {
      SyntheticRuns.write(directory.resolve("result.json"), result(method, flops, last).toString());
    }
  }

  private ObjectNode result(String method, double flops, double last) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ObjectNode splits = result.putObject("splits");
    splits.putObject("test").putObject("teacher").put("return", last).put("episode_length", last);
    if (levels) {
      splits.putObject("train").putObject("teacher").put("return", last + 50);
    }
    ObjectNode primary = result.putObject("primary").put("name", "return").put("value", last);
    primary.put("split", "test").put("higher_is_better", true);
    result.put("selected_on", "none (last)").put("selected_step", 1000);
    result.put("teacher_updates", 1000).put("student_updates", method.equals("lot") ? 5000 : 0);
    result.put("flops", flops).put("wall_s", flops / 1e9).put("peak_rss_bytes", 300_000_000L);
    return result;
  }

  /** Twenty training lines; no episode has ended before a line that depends on the seed. */
  private static String metrics(long seed, int steps, double flops, double last) {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 20; i++) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("step", 50 * i).put("split", "train").put("wall_s", i);
      line.put("flops", flops * i / 20).put("samples", (long) steps * i / 20);
      line.put("teacher/entropy", 0.6 - 0.01 * i).put("teacher/value_loss", 10.0 / i);
      if (i > seed % 3 + 1 && (i != 10 || seed != 0)) {
        line.put("teacher/return", last * i / 20).put("teacher/episode_length", last * i / 20);
        line.put("episodes", 40);
      }
      lines.append(line).append('\n');
    }
    return lines.toString();
  }
}
