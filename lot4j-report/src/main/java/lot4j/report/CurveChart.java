package lot4j.report;

import java.util.List;
import java.util.Optional;

/**
 * Learning curves: the mean over seeds as a line, the smallest and largest seed as a band; in
 * reinforcement learning the interquartile mean and its interval.
 */
final class CurveChart {
  /** More points than a chart can show. */
  private static final int MOST_POINTS = 240;

  private static final double HEIGHT = 330;
  private static final double LEFT = 64;
  private static final double RIGHT = 20;
  private static final double LINE = 18;

  private final List<Curve> curves;
  private final Palette palette;
  private final String words;
  private final double unit;
  private final Curve.Against against;

  private CurveChart(
      List<Curve> curves, Palette palette, String words, double unit, Curve.Against against) {
    this.curves = curves;
    this.palette = palette;
    this.words = words;
    this.unit = unit;
    this.against = against;
  }

  /** The chart of one metric of one split; empty if no method has two points of it. */
  static Optional<Svg> of(
      Comparison comparison, CurveCatalog.Choice choice, Curve.Against against, double width) {
    String metric = choice.metric();
    List<Curve> curves =
        comparison.methods().stream()
            .map(
                method ->
                    comparison.isReinforcement()
                        ? Curve.robust(method, choice.split(), metric, against)
                        : Curve.of(method, choice.split(), metric, against))
            .filter(curve -> curve.points().size() > 1)
            .map(curve -> curve.thinned(MOST_POINTS))
            .toList();
    if (curves.isEmpty()) {
      return Optional.empty();
    }
    double unit = choice.isFraction() ? 100 : 1;
    return Optional.of(
        new CurveChart(curves, new Palette(comparison), choice.words(), unit, against).draw(width));
  }

  private Svg draw(double width) {
    double top = 10 + LINE * legendLines(width);
    double bottom = HEIGHT - 40;
    Svg svg = new Svg(width, HEIGHT, title());
    Scale x = new Scale(0, most(), LEFT, width - RIGHT);
    Scale y = Scale.around(unit * least(), unit * highest(), bottom, top + 4);
    for (double tick : y.ticks(5)) {
      svg.line("grid", LEFT, y.at(tick), width - RIGHT, y.at(tick));
      svg.text("soft end number", LEFT - 8, y.at(tick) + 4, y.label(tick, 5));
    }
    for (double tick : x.ticks(6)) {
      svg.line("grid", x.at(tick), bottom, x.at(tick), bottom + 4);
      String label = against.isLarge() ? Format.tick(tick) : plainTick(x, tick);
      svg.text("soft middle number", x.at(tick), bottom + 18, label);
    }
    svg.text("soft middle", (LEFT + width) / 2, HEIGHT - 6, against.words);
    curves.forEach(curve -> band(svg, x, y, curve));
    curves.forEach(curve -> line(svg, x, y, curve));
    legend(svg, width);
    return svg;
  }

  private static String plainTick(Scale x, double tick) {
    return tick >= 10_000 ? Format.tick(tick) : x.label(tick, 6);
  }

  private void band(Svg svg, Scale x, Scale y, Curve curve) {
    StringBuilder path = new StringBuilder();
    List<Curve.Point> points = curve.points();
    for (Curve.Point point : points) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append(Svg.pair(x.at(point.x()), y.at(unit * point.high())));
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      Curve.Point point = points.get(i);
      path.append('L').append(Svg.pair(x.at(point.x()), y.at(unit * point.low())));
    }
    svg.path("band " + palette.fill(curve.label()), path.append('Z'));
  }

  private void line(Svg svg, Scale x, Scale y, Curve curve) {
    StringBuilder path = new StringBuilder();
    for (Curve.Point point : curve.points()) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append(Svg.pair(x.at(point.x()), y.at(unit * point.mean())));
    }
    svg.path("curve " + palette.stroke(curve.label()), path);
  }

  private void legend(Svg svg, double width) {
    double x = LEFT;
    double y = 12;
    for (Curve curve : curves) {
      String text = legendText(curve, width);
      if (x > LEFT && x + entryWidth(text) > width) {
        x = LEFT;
        y += LINE;
      }
      svg.line("curve " + palette.stroke(curve.label()), x, y - 4, x + 24, y - 4);
      svg.text("", x + 30, y, text);
      x += entryWidth(text);
    }
  }

  private int legendLines(double width) {
    int lines = 1;
    double x = LEFT;
    for (Curve curve : curves) {
      double entry = entryWidth(legendText(curve, width));
      if (x > LEFT && x + entry > width) {
        lines++;
        x = LEFT;
      }
      x += entry;
    }
    return lines;
  }

  private static String legendText(Curve curve, double width) {
    return Svg.fitted(curve.label(), width - LEFT - 120)
        + " ("
        + Format.plural(curve.runs(), "run")
        + ")";
  }

  private static double entryWidth(String text) {
    return 48 + Svg.widthOf(text);
  }

  private double most() {
    return Math.max(
        1e-9,
        curves.stream()
            .flatMap(c -> c.points().stream())
            .mapToDouble(Curve.Point::x)
            .max()
            .orElse(1));
  }

  private double least() {
    return curves.stream()
        .flatMap(c -> c.points().stream())
        .mapToDouble(Curve.Point::low)
        .min()
        .orElse(0);
  }

  private double highest() {
    return curves.stream()
        .flatMap(c -> c.points().stream())
        .mapToDouble(Curve.Point::high)
        .max()
        .orElse(1);
  }

  private String title() {
    StringBuilder text = new StringBuilder(words + " against " + against.words);
    for (Curve curve : curves) {
      double last = curve.points().get(curve.points().size() - 1).mean();
      text.append("; ").append(curve.label()).append(" ends at ");
      text.append(Format.significant(unit * last, 4));
    }
    return text.toString();
  }
}
