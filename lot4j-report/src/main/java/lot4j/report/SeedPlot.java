package lot4j.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import lot4j.stats.Interval;

/** Every single run's value, one row per method; thin lines join the runs of one seed. */
final class SeedPlot {
  private static final double ROW = 40;
  private static final double TOP = 10;

  private final List<MethodResult> methods;
  private final Metric metric;
  private final Palette palette;
  private final boolean robust;
  private final double unit;

  private SeedPlot(Comparison comparison, List<MethodResult> methods, Metric metric) {
    this.methods = methods;
    this.metric = metric;
    this.palette = new Palette(comparison);
    this.robust = comparison.isReinforcement();
    this.unit = metric.isFraction() ? 100 : 1;
  }

  /** The plot; empty if no run has a value. */
  static Optional<Svg> of(Comparison comparison, double width) {
    List<MethodResult> methods =
        comparison.methods().stream().filter(method -> !method.values().isEmpty()).toList();
    return comparison
        .primary()
        .filter(metric -> !methods.isEmpty())
        .map(metric -> new SeedPlot(comparison, methods, metric).draw(width));
  }

  private Svg draw(double width) {
    double left =
        Math.min(
            0.36 * width,
            18 + methods.stream().mapToDouble(m -> 1.06 * Svg.widthOf(m.label())).max().orElse(0));
    double bottom = TOP + ROW * methods.size();
    Svg svg = new Svg(width, bottom + 40, title());
    double[] shown =
        methods.stream()
            .flatMap(
                method ->
                    Stream.concat(
                        method.values().values().stream(),
                        interval(method).stream().flatMap(i -> Stream.of(i.low(), i.high()))))
            .mapToDouble(value -> unit * value)
            .sorted()
            .toArray();
    Scale scale = Scale.around(shown[0], shown[shown.length - 1], left, width - 90);
    for (double tick : scale.ticks(7)) {
      svg.line("grid", scale.at(tick), TOP, scale.at(tick), bottom);
      svg.text("soft middle number", scale.at(tick), bottom + 16, scale.label(tick, 7));
    }
    svg.text(
        "soft middle",
        (left + width - 90) / 2,
        bottom + 34,
        metric.words()
            + (metric.isFraction() ? ", %" : "")
            + (metric.higherIsBetter() ? "" : "; lower is better"));
    for (int i = 0; i + 1 < methods.size(); i++) {
      join(svg, scale, methods.get(i), methods.get(i + 1), TOP + ROW * i + ROW / 2);
    }
    for (int i = 0; i < methods.size(); i++) {
      row(svg, scale, methods.get(i), TOP + ROW * i + ROW / 2);
    }
    return svg;
  }

  /**
   * What stands below the dots: the interquartile mean in reinforcement learning, else the mean.
   */
  private OptionalDouble centre(MethodResult method) {
    return robust ? method.iqm() : method.sample().mean();
  }

  private Optional<Interval> interval(MethodResult method) {
    return robust ? method.iqmInterval() : method.interval();
  }

  private String word() {
    return robust ? "IQM " : "mean ";
  }

  private void join(Svg svg, Scale scale, MethodResult upper, MethodResult lower, double y) {
    upper
        .values()
        .forEach(
            (seed, value) -> {
              Double other = lower.values().get(seed);
              if (other != null) {
                svg.line("pairing", scale.at(unit * value), y, scale.at(unit * other), y + ROW);
              }
            });
  }

  private void row(Svg svg, Scale scale, MethodResult method, double y) {
    String label = method.label();
    svg.text(method.isLot() ? "strong" : "", 0, y + 4, Svg.fitted(label, scale.from() - 14));
    for (Map.Entry<Long, Double> entry : method.values().entrySet()) {
      svg.circle(
          "dot " + palette.fill(label),
          scale.at(unit * entry.getValue()),
          y,
          3.5,
          "seed " + entry.getKey() + ": " + metric.value(entry.getValue()));
    }
    interval(method)
        .ifPresent(
            interval -> {
              double low = scale.at(unit * interval.low());
              double high = scale.at(unit * interval.high());
              svg.line("thin solid " + palette.stroke(label), low, y + 12, high, y + 12);
            });
    OptionalDouble centre = centre(method);
    centre.ifPresent(
        value -> {
          svg.diamond(
              palette.fill(label),
              scale.at(unit * value),
              y + 12,
              4.5,
              word() + metric.value(value));
          svg.text("end number", svg.width(), y + 4, metric.value(value));
        });
  }

  private String title() {
    StringBuilder text = new StringBuilder("Every run's " + metric.words());
    for (MethodResult method : methods) {
      text.append("; ").append(method.label()).append(": ").append(word());
      text.append(Format.orDash(centre(method), metric::value));
      text.append(" of ").append(Format.plural(method.values().size(), "run"));
    }
    return text.toString();
  }
}
