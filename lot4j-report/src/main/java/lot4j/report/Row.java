package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;

/** One method as the cells of a table, for people. The same cells serve every format. */
final class Row {
  private Row() {}

  /** The column heads; the unit of the metric stands in them. */
  static List<String> heads(Comparison comparison) {
    if (comparison.isReinforcement()) {
      return ReturnRow.heads(comparison);
    }
    String metric = comparison.primary().map(Metric::words).orElse("metric");
    boolean fraction = comparison.primary().filter(Metric::isFraction).isPresent();
    return List.of(
        "method",
        "n",
        metric + (fraction ? " %" : "") + " [95 % interval]",
        "IQM",
        (comparison.againstPlain() ? "minus teacher-only" : "minus equal compute")
            + " [95 % interval]",
        "updates",
        "FLOPs",
        "seconds");
  }

  static List<List<String>> all(Comparison comparison) {
    return comparison.methods().stream()
        .map(
            method ->
                comparison.isReinforcement()
                    ? ReturnRow.cells(comparison, method)
                    : cells(comparison, method))
        .toList();
  }

  /** How many columns from the left are about results; the others are about cost. */
  static int results(Comparison comparison) {
    return comparison.isReinforcement() ? ReturnRow.RESULTS : 5;
  }

  private static List<String> cells(Comparison comparison, MethodResult method) {
    List<String> cells = new ArrayList<>();
    cells.add(method.label());
    cells.add(count(method));
    cells.add(mean(comparison, method));
    cells.add(metric(comparison, method.iqm()));
    cells.add(difference(comparison, method));
    cells.add(updates(method));
    cells.add(flops(comparison, method));
    cells.add(Format.orDash(method.wallSeconds(), Format::seconds));
    return cells;
  }

  /** How many runs there are, and what happened to the others. */
  static String count(MethodResult method) {
    return method.values().size()
        + (method.missing().isEmpty() ? "" : " (" + method.losses() + ")");
  }

  static String mean(Comparison comparison, MethodResult method) {
    return metric(comparison, method.sample().mean(), method.interval());
  }

  static String metric(Comparison comparison, OptionalDouble value, Optional<Interval> interval) {
    return metric(comparison, value)
        + interval.flatMap(i -> comparison.primary().map(metric -> range(metric, i))).orElse("");
  }

  private static String range(Metric metric, Interval interval) {
    return " [" + metric.bare(interval.low()) + ", " + metric.bare(interval.high()) + "]";
  }

  private static String metric(Comparison comparison, OptionalDouble value) {
    return comparison
        .primary()
        .map(metric -> Format.orDash(value, metric::bare))
        .orElse(Format.NONE);
  }

  static String difference(Comparison comparison, MethodResult method) {
    return comparison
        .againstBaseline(method)
        .map(pair -> difference(comparison.primary().orElseThrow(), pair))
        .orElse(Format.NONE);
  }

  static String difference(Metric metric, Pair pair) {
    return difference(metric, pair.test());
  }

  static String difference(Metric metric, PairedTest test) {
    return Format.orDash(test.difference(), metric::difference)
        + test.bootstrap()
            .map(
                interval ->
                    " ["
                        + metric.difference(interval.low())
                        + ", "
                        + metric.difference(interval.high())
                        + "]")
            .orElse("");
  }

  /** Chance that a run of a is better than one of b: {@code 0.78 [0.57, 0.94]}. */
  static String probability(Pair pair) {
    return Format.orDash(pair.probability(), Row::twoDecimals)
        + pair.probabilityInterval()
            .map(i -> " [" + twoDecimals(i.low()) + ", " + twoDecimals(i.high()) + "]")
            .orElse("");
  }

  /** {@code 0.031 [0.094]}: p of the sign flips, in brackets after Holm if it is a claim. */
  static String p(Comparison comparison, Pair pair) {
    return pair.signFlip()
        .map(
            test ->
                Claims.p(test.p())
                    + comparison
                        .claims()
                        .of(pair.a(), pair.b())
                        .map(claim -> " [" + Claims.p(claim.holm()) + "]")
                        .orElse(""))
        .orElse(Format.NONE);
  }

  /** Both of Cohen's d: {@code 1.21 / 0.64}. */
  static String effect(Pair pair) {
    return pair.pairedEffect().map(effect -> twoDecimals(effect.d())).orElse(Format.NONE)
        + " / "
        + pair.pooledEffect().map(effect -> twoDecimals(effect.d())).orElse(Format.NONE);
  }

  private static String twoDecimals(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Teacher updates, and student updates where there are any. */
  static String updates(MethodResult method) {
    String teacher = Format.orDash(method.teacherUpdates(), Format::count);
    double students = method.studentUpdates().orElse(0);
    return students > 0 ? teacher + " + " + Format.count(students) : teacher;
  }

  /** FLOPs, and how many times those of the plain teacher. */
  static String flops(Comparison comparison, MethodResult method) {
    String own = Format.orDash(method.flops(), Format::prefixed);
    double plain =
        comparison.teacherOnly().map(MethodResult::flops).orElse(OptionalDouble.empty()).orElse(0);
    return plain > 0 && method.flops().isPresent()
        ? own + " (" + Format.significant(method.flops().getAsDouble() / plain, 3) + "x)"
        : own;
  }
}
