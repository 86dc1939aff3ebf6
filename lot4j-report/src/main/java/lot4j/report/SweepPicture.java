package lot4j.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lot4j.stats.Interval;

/** A sweep as one drawing, for a document: heat maps of two keys, else intervals by point. */
final class SweepPicture {
  private static final double WIDTH = 900;
  private static final double MARGIN = 20;
  private static final double CELL = 46;
  private static final double WIDEST = 110;
  private static final double ROW = 22;

  private final SweepResult sweep;

  private SweepPicture(SweepResult sweep) {
    this.sweep = sweep;
  }

  static String of(SweepResult sweep) {
    return new SweepPicture(sweep).document();
  }

  private String document() {
    List<SweepSurface> surfaces = SweepSurface.of(sweep);
    List<String> conclusion = SweepTable.conclusion(sweep);
    double height = 60 + 17 * conclusion.size();
    for (SweepSurface surface : surfaces) {
      height += height(surface);
    }
    Svg svg = new Svg(WIDTH, height, SweepTable.title(sweep) + ". " + String.join(" ", conclusion));
    svg.text("head", MARGIN, 30, Svg.fitted(SweepTable.title(sweep), WIDTH - 2 * MARGIN));
    double y = 52;
    for (String line : conclusion) {
      svg.text("", MARGIN, y, Svg.fitted(line, WIDTH - 2 * MARGIN));
      y += 17;
    }
    for (SweepSurface surface : surfaces) {
      draw(svg, surface, y + 16);
      y += height(surface);
    }
    return svg.document();
  }

  private double height(SweepSurface surface) {
    if (!SweepSurface.isGrid(sweep)) {
      return 60 + ROW * surface.cells().size();
    }
    double rows = SweepSurface.values(sweep.axes().get(0)).size();
    return 40 + surface.panels(sweep).size() * (rows * CELL + 62);
  }

  private void draw(Svg svg, SweepSurface surface, double top) {
    svg.text("strong", MARGIN, top, title(surface));
    Optional<Interval> range = surface.range();
    if (range.isEmpty()) {
      return;
    }
    if (!SweepSurface.isGrid(sweep)) {
      rows(svg, surface, range.get(), top + 14);
      return;
    }
    double y = top + 20;
    for (Map.Entry<String, List<SweepSurface.Cell>> panel : surface.panels(sweep).entrySet()) {
      panel(svg, surface, panel, range.get(), y);
      y += SweepSurface.values(sweep.axes().get(0)).size() * CELL + 62;
    }
  }

  private String title(SweepSurface surface) {
    boolean fraction = sweep.metric().isFraction();
    String unit = surface.baseline().isPresent() ? ", percentage points" : ", %";
    return surface.words() + (fraction ? unit : "") + " [95 % interval over seeds]";
  }

  private void panel(
      Svg svg,
      SweepSurface surface,
      Map.Entry<String, List<SweepSurface.Cell>> panel,
      Interval range,
      double top) {
    SweepAxis down = sweep.axes().get(0);
    SweepAxis across = sweep.axes().get(1);
    List<String> rows = SweepSurface.values(down);
    List<String> columns = SweepSurface.values(across);
    double left = MARGIN + 120;
    double width = Math.min(WIDEST, (WIDTH - MARGIN - left) / columns.size());
    svg.text("soft", left, top, panel.getKey());
    svg.text("soft", MARGIN, top + 20, Svg.fitted(down.key(), 110));
    double y = top + 26;
    for (int r = 0; r < rows.size(); r++) {
      svg.text("end", left - 8, y + r * CELL + CELL / 2 + 4, Svg.fitted(rows.get(r), 80));
    }
    for (int c = 0; c < columns.size(); c++) {
      double middle = left + (c + 0.5) * width;
      String label = Svg.fitted(columns.get(c), width);
      svg.text("middle", middle, y + rows.size() * CELL + 14, label);
    }
    svg.text("soft", left, y + rows.size() * CELL + 30, across.key());
    for (SweepSurface.Cell cell : panel.getValue()) {
      int r = rows.indexOf(cell.trial().value(down.key()));
      int c = columns.indexOf(cell.trial().value(across.key()));
      if (r >= 0 && c >= 0) {
        cell(svg, surface, cell, range, left + c * width, y + r * CELL, width);
      }
    }
  }

  private void cell(
      Svg svg,
      SweepSurface surface,
      SweepSurface.Cell cell,
      Interval range,
      double x,
      double y,
      double width) {
    boolean won = sweep.winner().filter(w -> w.id().equals(cell.trial().id())).isPresent();
    double middle = x + width / 2;
    if (cell.value().isEmpty()) {
      svg.rect("heat-none", x + 1, y + 1, width - 2, CELL - 2);
      svg.text("middle small soft", middle, y + CELL / 2 + 4, cell.trial().score().status());
      return;
    }
    double place =
        SweepSurface.place(cell.value().getAsDouble(), range, surface.baseline().isPresent());
    String colour = place < 0 ? "f1" : "f2";
    svg.rect(colour + " heat" + Math.round(8 * Math.abs(place)), x + 1, y + 1, width - 2, CELL - 2);
    if (won) {
      svg.rect("heat-won", x + 2, y + 2, width - 4, CELL - 4);
    }
    svg.text(
        "middle strong", middle, y + CELL / 2 - 2, number(surface, cell.value().getAsDouble()));
    cell.interval()
        .ifPresent(
            i ->
                svg.text(
                    "middle small",
                    middle,
                    y + CELL / 2 + 14,
                    Svg.fitted(
                        "[" + number(surface, i.low()) + ", " + number(surface, i.high()) + "]",
                        width)));
  }

  /** A row for each point: its value and interval on one scale. */
  private void rows(Svg svg, SweepSurface surface, Interval range, double top) {
    double least = range.low();
    double most = range.high();
    for (SweepSurface.Cell cell : surface.cells()) {
      least = Math.min(least, cell.interval().map(Interval::low).orElse(least));
      most = Math.max(most, cell.interval().map(Interval::high).orElse(most));
    }
    double left = MARGIN + 320;
    Scale scale = Scale.around(least, most, left, WIDTH - 120);
    double bottom = top + ROW * surface.cells().size();
    double unit = sweep.metric().isFraction() ? 100 : 1;
    for (double tick : scale.ticks(5)) {
      svg.line("grid", scale.at(tick), top, scale.at(tick), bottom);
      svg.text(
          "middle small soft", scale.at(tick), bottom + 14, Format.significant(unit * tick, 4));
    }
    double y = top + ROW / 2;
    for (SweepSurface.Cell cell : surface.cells()) {
      svg.text("", MARGIN, y + 4, Svg.fitted(cell.trial().words(), 310));
      if (cell.value().isPresent()) {
        double value = cell.value().getAsDouble();
        double at = y;
        cell.interval()
            .ifPresent(i -> svg.line("thin s2", scale.at(i.low()), at, scale.at(i.high()), at));
        svg.circle("f2", scale.at(value), y, 4, cell.trial().words());
        svg.text("end number", WIDTH - MARGIN, y + 4, number(surface, value));
      } else {
        svg.text("end soft", WIDTH - MARGIN, y + 4, cell.trial().score().status());
      }
      y += ROW;
    }
  }

  private String number(SweepSurface surface, double value) {
    return surface.baseline().isPresent()
        ? sweep.metric().difference(value)
        : sweep.metric().bare(value);
  }
}
