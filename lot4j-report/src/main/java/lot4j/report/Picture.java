package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Verdict, differences and learning curves as one drawing, for a README. */
final class Picture {
  private static final double WIDTH = 900;
  private static final double MARGIN = 20;

  private Picture() {}

  static String of(Comparison comparison) {
    double inner = WIDTH - 2 * MARGIN;
    List<String> verdict = new ArrayList<>();
    comparison.findings().forEach(f -> verdict.addAll(wrapped(f.sentence(), inner)));
    List<Svg> charts = new ArrayList<>();
    ForestPlot.of(comparison, inner).ifPresent(charts::add);
    curves(comparison, inner).ifPresent(charts::add);
    double height = 44 + 17 * verdict.size() + MARGIN;
    for (Svg chart : charts) {
      height += chart.height() + 16;
    }
    Svg svg = new Svg(WIDTH, height, comparison.name() + ": " + comparison.verdict());
    svg.text("head", MARGIN, 30, Svg.fitted(TextTable.title(comparison), inner * 0.85));
    double y = 52;
    for (String line : verdict) {
      svg.text("", MARGIN, y, line);
      y += 17;
    }
    for (Svg chart : charts) {
      svg.nested(MARGIN, y, chart);
      y += chart.height() + 16;
    }
    return svg.document();
  }

  /**
   * Against FLOPs where they are recorded: there, methods of equal compute end together; in
   * reinforcement learning against environment steps.
   */
  private static Optional<Svg> curves(Comparison comparison, double width) {
    return (comparison.isReinforcement()
            ? Stream.of(Curve.Against.ENVIRONMENT_STEPS)
            : Stream.of(Curve.Against.FLOPS, Curve.Against.STEPS))
        .flatMap(
            against ->
                CurveCatalog.of(comparison).stream()
                    .flatMap(
                        choice ->
                            CurveChart.of(comparison, choice, against, width)
                                .map(chart -> titled(choice.words(), chart))
                                .stream()))
        .findFirst();
  }

  private static Svg titled(String title, Svg chart) {
    return new Svg(chart.width(), chart.height() + 24, title)
        .text("strong", 0, 14, title)
        .nested(0, 24, chart);
  }

  private static List<String> wrapped(String text, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() > 0 && Svg.widthOf(line + " " + word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
