package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Function;
import lot4j.stats.Interval;
import lot4j.stats.ParetoFront;

/** What a gain over the plain teacher costs, in FLOPs and in seconds, with the Pareto front. */
final class CostFigures {
  static final String EXPLANATION =
      "Gain: mean over seeds of the paired difference to teacher-only, up is better; bars: 95 %"
          + " percentile bootstrap. Cost: relative to teacher-only. The line joins what no other"
          + " method beats in both. Front share: how often a method is on it when the seeds that"
          + " all have are drawn again.";

  private final Comparison comparison;
  private final Metric metric;
  private final MethodResult plain;
  private final Map<String, Pair> pairs = new HashMap<>();

  private CostFigures(Comparison comparison, Metric metric, MethodResult plain) {
    this.comparison = comparison;
    this.metric = metric;
    this.plain = plain;
    for (MethodResult method : comparison.methods()) {
      pairs.put(method.label(), Pair.of(method, plain, metric.higherIsBetter()));
    }
  }

  /** One figure per cost that is known; none without a plain teacher and something beside it. */
  static List<Figure> of(Comparison comparison) {
    if (comparison.primary().isEmpty() || comparison.teacherOnly().isEmpty()) {
      return List.of();
    }
    CostFigures figures =
        new CostFigures(
            comparison, comparison.primary().get(), comparison.teacherOnly().orElseThrow());
    List<Figure> found = new ArrayList<>();
    figures.figure("FLOPs", MethodResult::flops).ifPresent(found::add);
    figures.figure("seconds", MethodResult::wallSeconds).ifPresent(found::add);
    return found;
  }

  private Optional<Figure> figure(String unit, Function<MethodResult, OptionalDouble> cost) {
    double base = cost.apply(plain).orElse(0);
    List<MethodResult> methods =
        comparison.methods().stream()
            .filter(method -> cost.apply(method).isPresent())
            .filter(method -> method == plain || pair(method).test().n() > 0)
            .toList();
    if (base <= 0 || methods.size() < 2 || !methods.contains(plain)) {
      return Optional.empty();
    }
    double sign = metric.higherIsBetter() ? 1 : -1;
    double[] ratios =
        methods.stream().mapToDouble(m -> cost.apply(m).orElseThrow() / base).toArray();
    double[] gains = new double[methods.size()];
    for (int i = 0; i < gains.length; i++) {
      gains[i] =
          methods.get(i) == plain
              ? 0
              : sign * pair(methods.get(i)).test().difference().orElseThrow();
    }
    boolean[] front = ParetoFront.of(ratios, gains);
    Optional<double[]> shares = shares(methods, ratios, sign);
    DataTable table =
        new DataTable(
            "gain by " + unit,
            "method",
            "n",
            unit.equals("FLOPs") ? "flops" : "wall_s",
            "cost_ratio",
            "gain",
            "low",
            "high",
            "on_front",
            "front_share");
    StringBuilder alt = new StringBuilder("Gain in " + metric.words() + " against " + unit);
    for (int i = 0; i < gains.length; i++) {
      MethodResult method = methods.get(i);
      Optional<Interval> interval =
          method == plain ? Optional.empty() : pair(method).test().bootstrap();
      Optional<Interval> oriented = sign > 0 ? interval : interval.map(Interval::negated);
      table.row(
          method.label(),
          method == plain ? plain.values().size() : pair(method).test().n(),
          cost.apply(method),
          ratios[i],
          gains[i],
          DifferenceFigure.low(oriented),
          DifferenceFigure.high(oriented),
          front[i] ? 1 : 0,
          shares.isPresent() ? shares.get()[i] : OptionalDouble.empty());
      alt.append("; ").append(method.label()).append(": ");
      alt.append(metric.difference(gains[i])).append(" at ");
      alt.append(Format.significant(ratios[i], 3)).append(" times");
      alt.append(front[i] ? ", on the front" : "");
    }
    ObjectNode options = Figure.settings();
    options.put("unit", metric.isFraction() ? 100 : 1);
    options.put("x", unit + ", times those of teacher-only");
    options.put(
        "y",
        (metric.higherIsBetter() ? "gain in " : "reduction of ")
            + metric.words()
            + (metric.isFraction() ? ", percentage points" : ""));
    return Optional.of(
        new Figure("pareto", "Gain against " + unit, "", alt.toString(), options, List.of(table)));
  }

  private Pair pair(MethodResult method) {
    return pairs.get(method.label());
  }

  /** Over the seeds that all of these methods have; empty if there are fewer than two. */
  private Optional<double[]> shares(List<MethodResult> methods, double[] cost, double sign) {
    TreeSet<Long> common = new TreeSet<>(plain.values().keySet());
    methods.forEach(method -> common.retainAll(method.values().keySet()));
    if (common.size() < 2) {
      return Optional.empty();
    }
    double[][] gains =
        methods.stream()
            .map(MethodResult::values)
            .map(values -> gains(values, common, sign))
            .toArray(double[][]::new);
    return Optional.of(ParetoFront.shares(cost, gains));
  }

  private double[] gains(Map<Long, Double> values, TreeSet<Long> seeds, double sign) {
    return seeds.stream()
        .mapToDouble(seed -> sign * (values.get(seed) - plain.values().get(seed)))
        .toArray();
  }
}
