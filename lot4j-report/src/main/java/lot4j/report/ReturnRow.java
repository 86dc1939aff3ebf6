package lot4j.report;

import java.util.List;

/** One method of reinforcement learning as the cells of a table: interquartile means come first. */
final class ReturnRow {
  /** How many columns from the left are about results; the others are about cost. */
  static final int RESULTS = 6;

  /** What the columns are. */
  static final String EXPLANATION =
      "IQM: interquartile mean, without the quarter of runs at each end. Differences are of means,"
          + " paired by seed, at equal environment steps; compute is not matched. P(better): the"
          + " chance that a run is better than one of teacher-only, ties count a half.";

  private ReturnRow() {}

  static List<String> heads(Comparison comparison) {
    String metric = comparison.primary().map(Metric::words).orElse("return");
    String against = comparison.againstPlain() ? "teacher-only" : "equal compute";
    return List.of(
        "method",
        "n",
        metric + ", IQM [95 % interval]",
        "mean [95 % interval]",
        "minus " + against + " [95 % interval]",
        "P(better) [95 % interval]",
        "env steps",
        "updates",
        "FLOPs",
        "seconds");
  }

  static List<String> cells(Comparison comparison, MethodResult method) {
    return List.of(
        method.label(),
        Row.count(method),
        Row.metric(comparison, method.iqm(), method.iqmInterval()),
        Row.mean(comparison, method),
        Row.difference(comparison, method),
        comparison.againstBaseline(method).map(Row::probability).orElse(Format.NONE),
        Format.orDash(method.samples(), Format::count),
        Row.updates(method),
        Row.flops(comparison, method),
        Format.orDash(method.wallSeconds(), Format::seconds));
  }
}
