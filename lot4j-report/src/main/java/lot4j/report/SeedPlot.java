package lot4j.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Every single run's value, one row per method; thin lines join the runs of one seed. */
final class SeedPlot {
  private static final double ROW = 40;
  private static final double TOP = 10;

  private SeedPlot() {}

  /** The plot; empty if no run has a value. */
  static Optional<Svg> of(Comparison comparison, double width) {
    List<MethodResult> methods =
        comparison.methods().stream().filter(method -> !method.values().isEmpty()).toList();
    return comparison
        .primary()
        .filter(metric -> !methods.isEmpty())
        .map(metric -> draw(methods, metric, new Palette(comparison), width));
  }

  private static Svg draw(
      List<MethodResult> methods, Metric metric, Palette palette, double width) {
    double unit = metric.isFraction() ? 100 : 1;
    double left =
        Math.min(
            0.36 * width,
            18 + methods.stream().mapToDouble(m -> 1.06 * Svg.widthOf(m.label())).max().orElse(0));
    double bottom = TOP + ROW * methods.size();
    Svg svg = new Svg(width, bottom + 40, title(methods, metric));
    double[] shown =
        methods.stream()
            .flatMap(
                method ->
                    Stream.concat(
                        method.values().values().stream(),
                        method.interval().stream().flatMap(i -> Stream.of(i.low(), i.high()))))
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
      join(svg, scale, unit, methods.get(i), methods.get(i + 1), TOP + ROW * i + ROW / 2);
    }
    for (int i = 0; i < methods.size(); i++) {
      row(svg, scale, unit, methods.get(i), metric, palette, TOP + ROW * i + ROW / 2);
    }
    return svg;
  }

  private static void join(
      Svg svg, Scale scale, double unit, MethodResult upper, MethodResult lower, double y) {
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

  private static void row(
      Svg svg,
      Scale scale,
      double unit,
      MethodResult method,
      Metric metric,
      Palette palette,
      double y) {
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
    method
        .interval()
        .ifPresent(
            interval -> {
              double low = scale.at(unit * interval.low());
              double high = scale.at(unit * interval.high());
              svg.line("thin solid " + palette.stroke(label), low, y + 12, high, y + 12);
            });
    OptionalDouble mean = method.sample().mean();
    mean.ifPresent(
        value -> {
          svg.diamond(
              palette.fill(label),
              scale.at(unit * value),
              y + 12,
              4.5,
              "mean " + metric.value(value));
          svg.text("end number", svg.width(), y + 4, metric.value(value));
        });
  }

  private static String title(List<MethodResult> methods, Metric metric) {
    StringBuilder text = new StringBuilder("Every run's " + metric.words());
    for (MethodResult method : methods) {
      text.append("; ").append(method.label()).append(": mean ");
      text.append(Format.orDash(method.sample().mean(), metric::value));
      text.append(" of ").append(Format.plural(method.values().size(), "run"));
    }
    return text.toString();
  }
}
