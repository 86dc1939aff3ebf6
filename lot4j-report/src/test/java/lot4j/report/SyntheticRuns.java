package lot4j.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Writes small run directories with made-up numbers, laid out as the real ones. */
final class SyntheticRuns {
  private final Path comparison;
  private String name = "synthetic";
  private String data = "digits";
  private Metric metric = new Metric("accuracy", "test", true);

  SyntheticRuns(Path comparison) {
    this.comparison = comparison;
  }

  SyntheticRuns named(String name, String data) {
    this.name = name;
    this.data = data;
    return this;
  }

  SyntheticRuns measuredBy(Metric other) {
    this.metric = other;
    return this;
  }

  /** Finished runs of one method, seeds 0, 1, …, with these final values. */
  SyntheticRuns method(String label, String method, double flops, double... values) {
    for (int seed = 0; seed < values.length; seed++) {
      run(label, method, seed, "done", flops, values[seed]);
    }
    return this;
  }

  /** One run; only a done one gets a result. */
  SyntheticRuns run(
      String label, String method, long seed, String status, double flops, double value) {
    Path directory = directory(label, seed);
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    run.put("schema", 1).put("name", name).put("label", label).put("method", method);
    run.put("seed", seed).put("status", status);
    run.putObject("versions").put("lot4j", "0.1.0").put("libtorch", "2.13.0").put("java", "17");
    run.put("cpu_capability", "AVX512").put("device", "cpu").put("threads", 1);
    run.put("started", "2026-01-02T03:04:05Z").put("ended", "2026-01-02T03:05:05Z");
    run.put("config_digest", "0f3a");
    ObjectNode from = run.putObject("data").put("name", data);
    from.putArray("files")
        .addObject()
        .put("path", "digits.csv.gz")
        .put("bytes", 57_523)
        .put("sha256", "ab".repeat(32));
    from.putObject("counts").put("train", 200).put("valid", 100).put("test", 500);
    write(directory.resolve("run.json"), run.toPrettyString());
    write(directory.resolve("config.yaml"), "name: " + name + "\nmethod: " + method + "\n");
    boolean lot = method.equals("lot");
    double updates = lot ? 600 : Math.round(flops / 3e6);
    write(directory.resolve("metrics.jsonl"), curves(seed, updates, flops, value, lot));
    if (status.equals("done")) {
      write(directory.resolve("result.json"), result(updates, flops, value, lot).toPrettyString());
    }
    return this;
  }

  Path directory(String label, long seed) {
    return comparison.resolve("runs").resolve(label.replaceAll("[^\\w.@-]+", "_") + "-seed" + seed);
  }

  /** Moves a run somewhere else, as people do. */
  void moved(String label, long seed, Path to) {
    try {
      Files.move(directory(label, seed), to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Comparison compare() {
    return Comparison.read(comparison);
  }

  List<RunDirectory> read() {
    return compare().methods().stream().flatMap(method -> method.runs().stream()).toList();
  }

  private ObjectNode result(double updates, double flops, double value, boolean lot) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ObjectNode test = result.putObject("splits").putObject("test");
    test.putObject("teacher").put("loss", 0.3).put(metric.quantity(), value);
    if (lot) {
      test.putObject("student0").put("loss", 0.4).put(metric.quantity(), value - 0.01);
    }
    ObjectNode primary = result.putObject("primary").put("name", metric.name());
    primary.put("value", value).put("split", metric.split());
    primary.put("higher_is_better", metric.higherIsBetter());
    result.put("selected_on", "valid").put("selected_step", updates);
    result.put("teacher_updates", (long) updates).put("student_updates", lot ? 600 : 0);
    result.put("flops", flops).put("wall_s", flops / 1e9).put("peak_rss_bytes", 300_000_000L);
    return result;
  }

  private String curves(long seed, double updates, double flops, double value, boolean lot) {
    Random noise = new Random(seed * 31 + (lot ? 1 : 0));
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 20; i++) {
      double part = i / 20.0;
      double reached = 1 - Math.exp(-5 * part);
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("step", Math.round(updates * part)).put("epoch", i).put("split", "train");
      line.put("wall_s", flops * part / 1e9).put("flops", flops * part);
      line.put("samples", Math.round(updates * part * 50));
      line.put("teacher/loss", 2.3 * Math.exp(-4 * part) + 0.02 * noise.nextDouble());
      if (lot) {
        line.put("teacher/imitability", 0.3 * part * Math.exp(-2 * part));
      }
      lines.append(line).append('\n');
      line.put("split", "valid");
      line.remove("teacher/imitability");
      line.put("teacher/" + metric.quantity(), value * reached + 0.01 * noise.nextGaussian());
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JsonMapper.builder().build().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
