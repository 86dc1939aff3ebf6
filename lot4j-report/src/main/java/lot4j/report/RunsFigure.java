package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Interval;

/** Every single run's value, a row per method; lines join the runs of one seed. */
final class RunsFigure {
  private RunsFigure() {}

  /** The figure; empty if no run has a value. */
  static Optional<Figure> of(Comparison comparison) {
    List<MethodResult> methods =
        comparison.methods().stream().filter(method -> !method.values().isEmpty()).toList();
    return comparison
        .primary()
        .filter(metric -> !methods.isEmpty())
        .map(metric -> of(methods, metric, comparison.isReinforcement()));
  }

  private static Figure of(List<MethodResult> methods, Metric metric, boolean robust) {
    String centre = robust ? "interquartile mean" : "mean";
    DataTable runs = new DataTable("runs", "method", "seed", "value");
    DataTable centres = new DataTable("methods", "method", "n", "centre", "low", "high");
    StringBuilder alt = new StringBuilder("Every run's " + metric.words());
    for (MethodResult method : methods) {
      method.values().forEach((seed, value) -> runs.row(method.label(), seed, value));
      OptionalDouble middle = robust ? method.iqm() : method.sample().mean();
      Optional<Interval> interval = robust ? method.iqmInterval() : method.interval();
      centres.row(
          method.label(),
          method.values().size(),
          middle,
          DifferenceFigure.low(interval),
          DifferenceFigure.high(interval));
      alt.append("; ").append(method.label()).append(": ").append(centre).append(' ');
      alt.append(Format.orDash(middle, metric::value)).append(" of ");
      alt.append(Format.plural(method.values().size(), "run"));
    }
    ObjectNode options = Figure.settings();
    options.put("unit", metric.isFraction() ? 100 : 1).put("centre", centre);
    options.put(
        "axis",
        metric.words()
            + (metric.isFraction() ? ", %" : "")
            + (metric.higherIsBetter() ? "" : "; lower is better"));
    return new Figure(
        "runs",
        "",
        "A dot is a run; below it the "
            + centre
            + " with its 95 % bootstrap interval. Lines join runs of one seed, which share data"
            + " order and initial weights.",
        alt.toString(),
        options,
        List.of(runs, centres));
  }
}
