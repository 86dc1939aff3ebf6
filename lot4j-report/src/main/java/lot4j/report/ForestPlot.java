package lot4j.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;

/**
 * Differences with their intervals, one line per pair that matters.
 *
 * <p>Thick: bootstrap interval; thin: Student's t; dots: the single seeds. Green or red only where
 * both intervals exclude 0 and there are enough seeds.
 */
final class ForestPlot {
  private static final double ROW = 46;
  private static final double TOP = 30;

  /** Widths of bold and of small letters, relative to plain ones. */
  private static final double BOLD = 1.06;

  private static final double SMALL = 0.92;

  private final Comparison comparison;
  private final Metric metric;
  private final double unit;
  private final List<Pair> pairs;

  private ForestPlot(Comparison comparison, Metric metric) {
    this.comparison = comparison;
    this.metric = metric;
    this.unit = metric.isFraction() ? 100 : 1;
    this.pairs = Differences.shown(comparison, metric);
  }

  /** The plot; empty if no pair has a difference. */
  static Optional<Svg> of(Comparison comparison, double width) {
    return comparison
        .primary()
        .map(metric -> new ForestPlot(comparison, metric))
        .filter(plot -> !plot.pairs.isEmpty())
        .map(plot -> plot.draw(width));
  }

  private Svg draw(double width) {
    double left = labelWidth(width);
    double right = width - 170;
    double bottom = TOP + ROW * pairs.size();
    Svg svg = new Svg(width, bottom + 44, title());
    Scale scale = scale(left, right);
    for (double tick : scale.ticks(6)) {
      svg.line("grid", scale.at(tick), TOP - 6, scale.at(tick), bottom);
      String sign = tick > 0 ? "+" : "";
      svg.text("soft middle number", scale.at(tick), bottom + 16, sign + scale.label(tick, 6));
    }
    svg.line("zero", scale.at(0), TOP - 6, scale.at(0), bottom);
    String lower = metric.higherIsBetter() ? "worse" : "better";
    String higher = metric.higherIsBetter() ? "better" : "worse";
    svg.text("small soft end", scale.at(0) - 8, TOP - 12, "← " + lower);
    svg.text("small soft", scale.at(0) + 8, TOP - 12, higher + " →");
    svg.text("small soft end number", width, TOP - 12, "difference [95 % interval]");
    String unitName = metric.isFraction() ? ", percentage points" : "";
    svg.text(
        "soft middle",
        (left + right) / 2,
        bottom + 34,
        "difference in " + metric.words() + unitName);
    for (int i = 0; i < pairs.size(); i++) {
      row(svg, scale, pairs.get(i), TOP + ROW * i + ROW / 2, left, width);
    }
    return svg;
  }

  private void row(Svg svg, Scale scale, Pair pair, double y, double left, double width) {
    svg.text("strong", 0, y - 2, Svg.fitted(pair.a(), (left - 14) / BOLD));
    svg.text("small soft", 0, y + 13, Svg.fitted("minus " + pair.b(), (left - 14) / SMALL));
    Differences.bySeed(comparison, pair)
        .forEach(
            (seed, difference) ->
                svg.circle(
                    "dot f-open",
                    scale.at(unit * difference),
                    y + 11,
                    2,
                    "seed " + seed + ": " + metric.difference(difference)));
    String tone = tone(pair.test());
    pair.test().bootstrap().ifPresent(i -> bar(svg, scale, i, y, "thick solid s-" + tone));
    pair.test()
        .studentT()
        .ifPresent(
            interval -> {
              bar(svg, scale, interval, y, "thin solid s-" + tone);
              double low = scale.at(unit * interval.low());
              double high = scale.at(unit * interval.high());
              svg.line("thin solid s-" + tone, low, y - 4, low, y + 4);
              svg.line("thin solid s-" + tone, high, y - 4, high, y + 4);
            });
    double difference = pair.test().difference().orElseThrow();
    String text = Row.difference(metric, pair);
    svg.diamond("f-" + tone, scale.at(unit * difference), y, 5.5, text);
    svg.text("end number" + (tone.equals("open") ? "" : " strong " + tone), width, y + 2, text);
    svg.text("small soft end", width, y + 16, Format.plural(pair.test().n(), "seed"));
  }

  private void bar(Svg svg, Scale scale, Interval interval, double y, String style) {
    svg.line(style, scale.at(unit * interval.low()), y, scale.at(unit * interval.high()), y);
  }

  private String tone(PairedTest test) {
    return switch (Finding.outcome(test, metric)) {
      case BETTER -> "good";
      case WORSE -> "bad";
      case NOT_RESOLVED -> "open";
    };
  }

  private Scale scale(double from, double to) {
    double[] shown =
        pairs.stream()
            .flatMapToDouble(
                pair ->
                    DoubleStream.concat(
                        Differences.bySeed(comparison, pair).values().stream()
                            .mapToDouble(Double::doubleValue),
                        Stream.of(pair.test().bootstrap(), pair.test().studentT())
                            .flatMap(Optional::stream)
                            .flatMapToDouble(i -> DoubleStream.of(i.low(), i.high()))))
            .map(value -> unit * value)
            .toArray();
    double least = Math.min(0, DoubleStream.of(shown).min().orElse(0));
    double most = Math.max(0, DoubleStream.of(shown).max().orElse(0));
    return Scale.around(least, most, from, to);
  }

  private double labelWidth(double width) {
    double longest =
        pairs.stream()
            .mapToDouble(
                p -> Math.max(BOLD * Svg.widthOf(p.a()), SMALL * Svg.widthOf("minus " + p.b())))
            .max()
            .orElse(0);
    return Math.min(longest + 18, 0.36 * width);
  }

  private String title() {
    StringBuilder text = new StringBuilder("Differences in " + metric.words());
    for (Pair pair : pairs) {
      text.append("; ").append(pair.a()).append(" minus ").append(pair.b()).append(": ");
      text.append(Row.difference(metric, pair));
    }
    return text.append(metric.isFraction() ? ", percentage points" : "").toString();
  }
}
