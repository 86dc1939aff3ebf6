package lot4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lot4j.report.Comparison;
import lot4j.report.MethodResult;
import lot4j.report.RunDirectory;
import lot4j.report.Status;
import lot4j.stats.Bootstrap;
import lot4j.stats.Interval;
import lot4j.stats.Sample;
import lot4j.train.DataException;
import lot4j.train.RunSession;

/** The metrics of every finished run of a comparison, put together by method. */
final class ComparisonEvaluation {
  private final Map<String, Map<Path, RunSession.Evaluated>> methods = new LinkedHashMap<>();

  /** How one run is evaluated. */
  @FunctionalInterface
  interface Evaluate {
    RunSession.Evaluated of(Path run);
  }

  /**
   * Evaluates what is finished, in the comparison's order.
   *
   * @throws DataException if nothing is
   */
  ComparisonEvaluation(Path directory, Evaluate evaluate) {
    for (MethodResult method : Comparison.read(directory).methods()) {
      for (RunDirectory run : method.runs()) {
        if (run.status() == Status.DONE) {
          methods
              .computeIfAbsent(method.label(), label -> new LinkedHashMap<>())
              .put(run.path(), evaluate.of(run.path()));
        }
      }
    }
    if (methods.isEmpty()) {
      throw new DataException(directory + ": no run of this comparison is finished");
    }
  }

  /** The names of all learners, {@code teacher} first. */
  Set<String> learners() {
    Set<String> names = new LinkedHashSet<>();
    methods
        .values()
        .forEach(runs -> runs.values().forEach(e -> names.addAll(e.learners().keySet())));
    return names;
  }

  /** A row for each method with this learner: means over runs with their 95 % intervals. */
  List<String> table(String learner) {
    Set<String> metrics = new LinkedHashSet<>();
    methods.keySet().forEach(label -> metrics.addAll(values(label, learner).keySet()));
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("method", "n"));
    head.addAll(metrics);
    rows.add(head);
    methods.forEach(
        (label, runs) -> {
          Map<String, List<Double>> values = values(label, learner);
          if (!values.isEmpty()) {
            List<String> row = new ArrayList<>(List.of(label, String.valueOf(runs.size())));
            metrics.forEach(name -> row.add(cell(values.getOrDefault(name, List.of()))));
            rows.add(row);
          }
        });
    return aligned(rows);
  }

  /** Everything, by run and by method. */
  void describe(ObjectNode document) {
    ObjectNode byRun = document.putObject("runs");
    ObjectNode byMethod = document.putObject("methods");
    methods.forEach(
        (label, runs) -> {
          runs.forEach(
              (path, evaluated) ->
                  byRun.set(
                      path.getFileName().toString(),
                      SavedEvaluation.numbers(evaluated.learners())));
          ObjectNode method = byMethod.putObject(label);
          for (String learner : learners()) {
            Map<String, List<Double>> values = values(label, learner);
            if (!values.isEmpty()) {
              ObjectNode node = method.putObject(learner);
              values.forEach((name, each) -> describe(node.putObject(name), each));
            }
          }
        });
  }

  private static void describe(ObjectNode node, List<Double> values) {
    Optional<Sample> sample = sample(values);
    node.put("n", values.size());
    if (sample.isEmpty()) {
      node.putNull("mean");
      node.put("mean_reason", "a run has no finite value");
      return;
    }
    node.put("mean", sample.get().mean().orElseThrow());
    Optional<Interval> interval = Bootstrap.standard().mean(sample.get());
    if (interval.isPresent()) {
      node.putArray("ci95").add(interval.get().low()).add(interval.get().high());
    } else {
      node.putNull("ci95");
      node.put("ci95_reason", "fewer than two values");
    }
  }

  /** One value a run, by metric, of a learner that a method may lack. */
  private Map<String, List<Double>> values(String label, String learner) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (RunSession.Evaluated evaluated : methods.get(label).values()) {
      evaluated
          .learners()
          .getOrDefault(learner, Map.of())
          .forEach((name, v) -> values.computeIfAbsent(name, k -> new ArrayList<>()).add(v));
    }
    return values;
  }

  private static Optional<Sample> sample(List<Double> values) {
    boolean usable = !values.isEmpty() && values.stream().allMatch(Double::isFinite);
    return usable ? Optional.of(Sample.of(values)) : Optional.empty();
  }

  private static String cell(List<Double> values) {
    return sample(values)
        .map(
            sample ->
                number(sample.mean().orElseThrow())
                    + Bootstrap.standard()
                        .mean(sample)
                        .map(i -> " [" + number(i.low()) + ", " + number(i.high()) + "]")
                        .orElse(""))
        .orElse("-");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static List<String> aligned(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < rows.get(0).size(); column++) {
      int at = column;
      widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
    }
    return rows.stream()
        .map(
            row -> {
              StringBuilder line = new StringBuilder();
              for (int i = 0; i < row.size(); i++) {
                String space = " ".repeat(widths.get(i) - row.get(i).length());
                line.append(i == 0 ? row.get(i) + space : "  " + space + row.get(i));
              }
              return line.toString().stripTrailing();
            })
        .collect(Collectors.toList());
  }
}
