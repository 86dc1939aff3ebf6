package lot4j.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import lot4j.config.Catalog;
import lot4j.config.ConfigReader;
import lot4j.config.ConfigSource;
import lot4j.config.RunConfig;
import lot4j.task.PreparedTable;
import lot4j.train.Listener;
import lot4j.train.Outcome;
import lot4j.train.RunSession;

/**
 * Networks on tables beside usual models, on the same rows: prints a row for each configuration,
 * the mean and the standard deviation over splits of what each reaches on the test rows; where a
 * number is predicted a second row with r², 1 − rmse² / variance of the split's test rows. Split
 * {@code n} has split seed and seed {@code n}.
 *
 * <pre>{@code
 * java … lot4j.benchmark.TableYardsticks 5 iris.yaml wine.yaml
 * }</pre>
 */
public final class TableYardsticks {
  private static final List<String> METHODS = List.of("teacher-only", "lot");

  private TableYardsticks() {}

  /** The number of splits, then configurations of {@code task.kind: tabular}. */
  public static void main(String[] args) throws IOException {
    Logger quiet = LogManager.getLogManager().getLogger("");
    quiet.setLevel(Level.WARNING);
    int splits = Integer.parseInt(args[0]);
    System.out.println(
        "| data | metric | teacher-only | lot | linear | random forest | seconds a run |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int i = 1; i < args.length; i++) {
      System.out.print(rows(Path.of(args[i]), splits));
    }
  }

  private static String rows(Path file, int splits) throws IOException {
    Catalog catalog = Catalog.load();
    Map<String, List<Double>> values = new LinkedHashMap<>();
    List<Double> variances = new ArrayList<>();
    String metric = "";
    double seconds = 0;
    String name = "";
    for (int split = 0; split < splits; split++) {
      for (String method : METHODS) {
        Path directory = Files.createTempDirectory("yardstick");
        RunConfig config = config(catalog, file, split, method);
        RunSession session = new RunSession(catalog, Path.of(""));
        try (var prepared = session.prepare(config)) {
          session.create(directory, config, method, prepared);
          metric = prepared.primary().name();
          name = prepared.dataName();
        }
        Outcome outcome = session.proceed(directory, Listener.none(), () -> false);
        seconds += outcome.wallSeconds();
        put(values, method, outcome.primary().orElseThrow());
      }
      RunConfig config = config(catalog, file, split, "teacher-only");
      try (var prepared = (PreparedTable) new RunSession(catalog, Path.of("")).prepare(config)) {
        Yardstick yardstick = new Yardstick(prepared, split);
        put(values, "linear", yardstick.linear());
        put(values, "forest", yardstick.forest());
        if (prepared.normals()) {
          variances.add(yardstick.variance());
        }
      }
    }
    String lines = line(name, metric, values, seconds / (splits * METHODS.size()));
    if (variances.isEmpty()) {
      return lines;
    }
    Map<String, List<Double>> explained = new LinkedHashMap<>();
    values.forEach(
        (model, errors) -> {
          for (int i = 0; i < splits; i++) {
            put(explained, model, 1 - errors.get(i) * errors.get(i) / variances.get(i));
          }
        });
    return lines + line(name, "r2", explained, seconds / (splits * METHODS.size()));
  }

  private static String line(
      String name, String metric, Map<String, List<Double>> values, double seconds) {
    StringBuilder line = new StringBuilder("| " + name + " | " + metric);
    values.values().forEach(each -> line.append(" | ").append(shown(each)));
    return line + String.format(Locale.ROOT, " | %.1f |%n", seconds);
  }

  private static RunConfig config(Catalog catalog, Path file, int split, String method) {
    return new ConfigReader(catalog)
        .readRun(
            ConfigSource.file(file),
            List.of(
                "task.split-seed=" + split,
                "seeds=[" + split + "]",
                "method=" + method,
                "threads=1"));
  }

  private static void put(Map<String, List<Double>> values, String name, double value) {
    values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  private static String shown(List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1));
    return String.format(Locale.ROOT, "%.4f ± %.4f", mean, deviation);
  }
}
