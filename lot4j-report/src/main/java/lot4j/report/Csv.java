package lot4j.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Unrounded numbers for spreadsheets and notebooks (RFC 4180, UTF-8, one header line). */
final class Csv {
  private Csv() {}

  /**
   * One line per run: what it is, what it cost, and every final metric as {@code
   * split/learner/name}.
   */
  static String runs(List<Comparison> comparisons) {
    TreeSet<String> metrics = new TreeSet<>();
    each(comparisons, (comparison, run) -> finals(run).forEach((key, value) -> metrics.add(key)));
    List<String> head =
        new ArrayList<>(
            List.of(
                "comparison",
                "label",
                "method",
                "seed",
                "status",
                "selected_step",
                "teacher_updates",
                "student_updates",
                "flops",
                "wall_s",
                "peak_rss_bytes"));
    boolean reinforcement = comparisons.stream().anyMatch(Comparison::isReinforcement);
    if (reinforcement) {
      head.add("environment_steps");
    }
    head.addAll(metrics);
    StringBuilder out = new StringBuilder(line(head));
    each(
        comparisons,
        (comparison, run) -> {
          List<String> fields = identity(comparison, run);
          fields.add(Escape.csv(run.status().word()));
          fields.add(number(run, FinalResult::selectedStep));
          fields.add(number(run, FinalResult::teacherUpdates));
          fields.add(number(run, FinalResult::studentUpdates));
          fields.add(number(run, FinalResult::flops));
          fields.add(number(run, FinalResult::wallSeconds));
          fields.add(number(run, FinalResult::peakBytes));
          if (reinforcement) {
            fields.add(comparison.isReinforcement() ? steps(run) : "");
          }
          Map<String, Double> finals = finals(run);
          metrics.forEach(key -> fields.add(plain(finals.get(key))));
          out.append(String.join(",", fields)).append("\r\n");
        });
    return out.toString();
  }

  /** One line per line of {@code metrics.jsonl} of every run. */
  static String curves(List<Comparison> comparisons) {
    TreeSet<String> keys = new TreeSet<>();
    each(
        comparisons,
        (comparison, run) -> run.metrics().forEach(line -> keys.addAll(line.numbers().keySet())));
    keys.remove("step");
    List<String> head =
        new ArrayList<>(List.of("comparison", "label", "method", "seed", "split", "step"));
    head.addAll(keys);
    StringBuilder out = new StringBuilder(line(head));
    each(
        comparisons,
        (comparison, run) -> {
          for (MetricLine line : run.metrics()) {
            List<String> fields = identity(comparison, run);
            fields.add(Escape.csv(line.split()));
            fields.add(Long.toString(line.step()));
            keys.forEach(key -> fields.add(plain(line.numbers().get(key))));
            out.append(String.join(",", fields)).append("\r\n");
          }
        });
    return out.toString();
  }

  private static void each(
      List<Comparison> comparisons, BiConsumer<Comparison, RunDirectory> action) {
    for (Comparison comparison : comparisons) {
      Provenance.runs(comparison).forEach(run -> action.accept(comparison, run));
    }
  }

  private static Map<String, Double> finals(RunDirectory run) {
    Map<String, Double> finals = new TreeMap<>();
    run.result()
        .ifPresent(
            result ->
                result
                    .splits()
                    .forEach(
                        (split, learners) ->
                            learners.forEach(
                                (learner, metrics) ->
                                    metrics.forEach(
                                        (name, value) ->
                                            finals.put(
                                                split + "/" + learner + "/" + name, value)))));
    return finals;
  }

  private static List<String> identity(Comparison comparison, RunDirectory run) {
    List<String> fields = new ArrayList<>();
    fields.add(Escape.csv(comparison.name()));
    fields.add(Escape.csv(run.label()));
    fields.add(Escape.csv(run.method()));
    fields.add(Long.toString(run.seed()));
    return fields;
  }

  private static String number(RunDirectory run, Function<FinalResult, OptionalDouble> number) {
    OptionalDouble value = run.result().map(number).orElse(OptionalDouble.empty());
    return value.isPresent() ? plain(value.getAsDouble()) : "";
  }

  private static String steps(RunDirectory run) {
    OptionalDouble steps = run.samples();
    return steps.isPresent() ? plain(steps.getAsDouble()) : "";
  }

  private static String plain(Double value) {
    if (value == null) {
      return "";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 0x1p53;
    return whole ? BigDecimal.valueOf(value.longValue()).toPlainString() : value.toString();
  }

  private static String line(List<String> fields) {
    return fields.stream().map(Escape::csv).collect(Collectors.joining(",")) + "\r\n";
  }
}
