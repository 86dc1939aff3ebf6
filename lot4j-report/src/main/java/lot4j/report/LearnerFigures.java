package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import lot4j.stats.Bootstrap;
import lot4j.stats.Interval;
import lot4j.stats.Sample;

/** Teacher, every student and their average side by side: what is compared, and all else. */
final class LearnerFigures {
  /** What is shown of final evaluations where it is recorded, besides what is compared. */
  private static final List<String> METRICS =
      List.of(
          "return",
          "loss",
          "perplexity",
          "bits_per_char",
          "accuracy",
          "balanced_accuracy",
          "f1",
          "rmse",
          "mae",
          "r2",
          "entropy",
          "ece",
          "kl_free_reference",
          "kl_reference_free",
          "agreement",
          "distance");

  static final String TABLE_EXPLANATION =
      "Means over finished runs. Entropy in nats; ece: expected calibration error; kl free"
          + " reference: KL(student ‖ teacher), kl reference free: KL(teacher ‖ student), in nats;"
          + " agreement: where both choose the same; distance: of the numbers that both predict, in the"
          + " target's unit.";

  private LearnerFigures() {}

  /** The figure; empty if no method has a learner besides its teacher. */
  static Optional<Figure> of(Comparison comparison) {
    return comparison
        .primary()
        .filter(
            metric ->
                comparison.methods().stream()
                    .anyMatch(method -> learners(method, metric.split()).size() > 1))
        .map(
            metric ->
                figure(
                    "",
                    metric,
                    comparison.methods(),
                    method -> finals(method, metric.split(), metric.quantity())));
  }

  /** Where a figure's values come from: learner → seed → value. */
  interface Values {
    Map<String, Map<Long, Double>> of(MethodResult method);
  }

  /** A row per method, a mark per learner with the interval of its mean. */
  static Figure figure(String title, Metric metric, List<MethodResult> methods, Values values) {
    DataTable means = new DataTable("learners", "method", "learner", "n", "mean", "low", "high");
    DataTable seeds = new DataTable("seeds", "method", "learner", "seed", "value");
    StringBuilder alt = new StringBuilder(title.isEmpty() ? metric.words() : title);
    for (MethodResult method : methods) {
      values
          .of(method)
          .forEach(
              (learner, bySeed) -> {
                Sample sample = Sample.of(bySeed.values());
                Optional<Interval> interval = Bootstrap.standard().mean(sample);
                means.row(
                    method.label(),
                    learner,
                    sample.size(),
                    sample.mean(),
                    DifferenceFigure.low(interval),
                    DifferenceFigure.high(interval));
                bySeed.forEach((seed, value) -> seeds.row(method.label(), learner, seed, value));
                alt.append("; ").append(method.label()).append(' ').append(learner).append(": ");
                alt.append(Format.orDash(sample.mean(), metric::value));
              });
    }
    ObjectNode options = Figure.settings();
    options.put("unit", metric.isFraction() ? 100 : 1);
    options.put(
        "axis",
        metric.words()
            + (metric.isFraction() ? ", %" : "")
            + (metric.higherIsBetter() ? "" : "; lower is better"));
    return new Figure(
        "learners",
        title,
        "Means over seeds with their 95 % bootstrap intervals. The ensemble averages the"
            + " probabilities of all learners of a run.",
        alt.toString(),
        options,
        List.of(means, seeds));
  }

  /** Means of every recorded metric, a line per learner; only the head if nothing is recorded. */
  static List<List<String>> table(Comparison comparison) {
    String split = comparison.primary().map(Metric::split).orElse("test");
    TreeSet<String> recorded = new TreeSet<>();
    for (MethodResult method : comparison.methods()) {
      for (RunDirectory run : method.runs()) {
        run.result()
            .map(result -> result.splits().getOrDefault(split, Map.of()))
            .ifPresent(learners -> learners.values().forEach(m -> recorded.addAll(m.keySet())));
      }
    }
    List<String> shown = METRICS.stream().filter(recorded::contains).toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("method", "learner", "n"));
    shown.forEach(
        metric -> head.add(metric.replace('_', ' ') + (Metric.isFraction(metric) ? " %" : "")));
    rows.add(head);
    for (MethodResult method : comparison.methods()) {
      for (String learner : learners(method, split)) {
        List<String> row = new ArrayList<>(List.of(method.label(), learner));
        int most = 0;
        List<String> cells = new ArrayList<>();
        for (String metric : shown) {
          Map<Long, Double> values = finals(method, split, metric).getOrDefault(learner, Map.of());
          most = Math.max(most, values.size());
          OptionalDouble mean = Sample.of(values.values()).mean();
          cells.add(Format.orDash(mean, new Metric(metric, split, true)::bare));
        }
        row.add(Integer.toString(most));
        row.addAll(cells);
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<String> learners(MethodResult method, String split) {
    TreeSet<String> learners = new TreeSet<>();
    for (RunDirectory run : method.runs()) {
      run.result()
          .ifPresent(
              result -> learners.addAll(result.splits().getOrDefault(split, Map.of()).keySet()));
    }
    return ordered(learners);
  }

  /** Teacher, students, then the rest. */
  static List<String> ordered(TreeSet<String> learners) {
    List<String> ordered = new ArrayList<>();
    learners.stream().filter(learner -> learner.equals("teacher")).forEach(ordered::add);
    learners.stream().filter(learner -> learner.startsWith("student")).forEach(ordered::add);
    learners.stream().filter(learner -> !ordered.contains(learner)).forEach(ordered::add);
    return ordered;
  }

  private static Map<String, Map<Long, Double>> finals(
      MethodResult method, String split, String quantity) {
    Map<String, Map<Long, Double>> values = new LinkedHashMap<>();
    for (String learner : learners(method, split)) {
      Map<Long, Double> bySeed = new TreeMap<>();
      for (RunDirectory run : method.runs()) {
        run.result()
            .map(result -> result.splits().getOrDefault(split, Map.of()).get(learner))
            .map(metrics -> metrics.get(quantity))
            .ifPresent(value -> bySeed.put(run.seed(), value));
      }
      if (!bySeed.isEmpty()) {
        values.put(learner, bySeed);
      }
    }
    return values;
  }
}
