package lot4j.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Interval;

/** A sweep on the page: which settings are good, by how much, and how sure that is. */
final class SweepSection {
  private final SweepResult sweep;
  private final List<Block> blocks = new ArrayList<>();

  private SweepSection(SweepResult sweep) {
    this.sweep = sweep;
  }

  static Section of(SweepResult sweep) {
    return new SweepSection(sweep).section();
  }

  private Section section() {
    blocks.add(new Block.Paragraph("question", "Which settings are good, and how sure is that?"));
    List<String> lines = SweepTable.conclusion(sweep);
    blocks.add(
        new Block.Answer("open", lines.get(0), String.join(" ", lines.subList(1, lines.size()))));
    if (sweep.rungs().size() > 1) {
      blocks.add(
          new Block.Paragraph(
              "soft",
              "Points of different rounds had different budgets: their values do not compare."));
    }
    blocks.add(new Block.Heading(2, "Response surface"));
    SweepSurface.of(sweep).forEach(this::figures);
    blocks.add(new Block.Heading(2, "Points"));
    blocks.add(new Block.Grid("", SweepTable.rows(sweep), List.of()));
    blocks.add(new Block.Paragraph("soft", SweepTable.EXPLANATION));
    if (sweep.rungs().size() > 1) {
      blocks.add(new Block.Heading(2, "Rounds"));
      blocks.add(new Block.Grid("", rounds(), List.of()));
    }
    return new Section(sweep.name(), SweepTable.title(sweep), List.of(), blocks);
  }

  private void figures(SweepSurface surface) {
    if (surface.range().isEmpty()) {
      return;
    }
    if (!SweepSurface.isGrid(sweep)) {
      sweep.axes().forEach(axis -> blocks.add(new Block.Chart(settings(surface, axis))));
      return;
    }
    surface
        .panels(sweep)
        .forEach((panel, cells) -> blocks.add(new Block.Chart(heat(surface, panel, cells))));
  }

  private Figure heat(SweepSurface surface, String panel, List<SweepSurface.Cell> cells) {
    SweepAxis down = sweep.axes().get(0);
    SweepAxis across = sweep.axes().get(1);
    DataTable table =
        new DataTable(
            surface.words() + (panel.isEmpty() ? "" : ", " + panel),
            down.key(),
            across.key(),
            "value",
            "low",
            "high",
            "trial",
            "status");
    Interval range = surface.range().orElseThrow();
    for (SweepSurface.Cell cell : cells) {
      table.row(
          cell.trial().value(down.key()),
          cell.trial().value(across.key()),
          cell.value(),
          low(cell.interval()),
          high(cell.interval()),
          cell.trial().id(),
          cell.trial().score().status());
    }
    ObjectNode options = options(surface);
    options.put("rows", down.key()).put("columns", across.key());
    SweepSurface.values(down).forEach(options.putArray("ys")::add);
    SweepSurface.values(across).forEach(options.putArray("xs")::add);
    options.put("low", range.low()).put("high", range.high());
    options.put("difference", surface.baseline().isPresent());
    sweep.winner().ifPresent(winner -> options.put("winner", winner.id()));
    return new Figure(
        "heat",
        surface.words() + (panel.isEmpty() ? "" : " at " + panel),
        "A cell is a point: mean over the seeds, and the 95 % bootstrap interval. The stronger its colour, the "
            + (surface.baseline().isPresent()
                ? "farther from the baseline: blue above it, orange below."
                : "larger.")
            + (sweep.winner().isPresent() ? " The frame marks the winner." : ""),
        words(surface, cells),
        options,
        List.of(table));
  }

  private Figure settings(SweepSurface surface, SweepAxis axis) {
    DataTable table =
        new DataTable(
            surface.words() + " by " + axis.key(),
            axis.key(),
            "number",
            "value",
            "low",
            "high",
            "trial",
            "words");
    for (SweepSurface.Cell cell : surface.cells()) {
      table.row(
          cell.trial().value(axis.key()),
          SweepSurface.number(cell.trial().values().get(axis.key())),
          cell.value(),
          low(cell.interval()),
          high(cell.interval()),
          cell.trial().id(),
          cell.trial().words());
    }
    ObjectNode options = options(surface);
    options.put("x", axis.key()).put("log", axis.text().startsWith("log("));
    options.put("joined", sweep.axes().size() == 1);
    return new Figure(
        "settings",
        surface.words() + " by " + axis.key(),
        "A dot is a point: mean over the seeds, with its 95 % bootstrap interval.",
        words(surface, surface.cells()),
        options,
        List.of(table));
  }

  private ObjectNode options(SweepSurface surface) {
    ObjectNode options = Figure.settings();
    boolean fraction = sweep.metric().isFraction();
    options.put("unit", fraction ? 100 : 1);
    String unit = surface.baseline().isPresent() ? ", percentage points" : ", %";
    options.put("axis", surface.words() + (fraction ? unit : ""));
    return options;
  }

  private String words(SweepSurface surface, List<SweepSurface.Cell> cells) {
    StringBuilder alt = new StringBuilder(surface.words());
    for (SweepSurface.Cell cell : cells) {
      alt.append("; ").append(cell.trial().words()).append(": ");
      alt.append(
          Format.orDash(
              cell.value(),
              surface.baseline().isPresent() ? sweep.metric()::difference : sweep.metric()::value));
    }
    return alt.toString();
  }

  private List<List<String>> rounds() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("round", "budget", "points", "best", "went on"));
    for (int i = 0; i < sweep.rungs().size(); i++) {
      SweepRung rung = sweep.rungs().get(i);
      Map<String, OptionalDouble> scores = rung.scores();
      List<String> ranked = SweepRanking.of(scores, sweep.metric().higherIsBetter());
      rows.add(
          List.of(
              Integer.toString(i + 1),
              SweepTable.budget(rung),
              Integer.toString(scores.size()),
              ranked.isEmpty()
                  ? Format.NONE
                  : ranked.get(0)
                      + " "
                      + Format.orDash(scores.get(ranked.get(0)), sweep.metric()::value),
              String.join(" ", rung.promoted())));
    }
    return rows;
  }

  private static OptionalDouble low(Optional<Interval> interval) {
    return interval.map(i -> OptionalDouble.of(i.low())).orElse(OptionalDouble.empty());
  }

  private static OptionalDouble high(Optional<Interval> interval) {
    return interval.map(i -> OptionalDouble.of(i.high())).orElse(OptionalDouble.empty());
  }
}
