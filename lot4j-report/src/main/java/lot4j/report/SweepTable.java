package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;

/** A sweep's trials as rows, for people and as CSV. */
final class SweepTable {
  private SweepTable() {}

  /** Head first; best trial first where one is chosen, else in the order of the design. */
  static List<List<String>> rows(SweepResult sweep) {
    boolean rounds = sweep.rungs().size() > 1;
    List<String> baselines = sweep.baselines();
    Metric metric = sweep.metric();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("trial"));
    sweep.axes().forEach(axis -> head.add(axis.key()));
    if (rounds) {
      head.add("budget");
    }
    head.add("n");
    head.add(metric.words() + (metric.isFraction() ? " %" : "") + " [95 % interval]");
    baselines.forEach(label -> head.add("minus " + label + " [95 % interval]"));
    head.add("status");
    rows.add(head);
    for (SweepTrial trial : sweep.selects() ? sweep.ranked() : sweep.trials()) {
      List<String> row = new ArrayList<>(List.of(trial.id()));
      sweep.axes().forEach(axis -> row.add(trial.value(axis.key())));
      if (rounds) {
        row.add(budget(sweep.rungs().get(trial.rung())));
      }
      row.add(Integer.toString(trial.score().finished().size()));
      row.add(mean(metric, trial.score()));
      baselines.forEach(label -> row.add(difference(metric, trial, label)));
      row.add(trial.score().status());
      rows.add(row);
    }
    return rows;
  }

  static String mean(Metric metric, SweepScore score) {
    return Format.orDash(score.mean(), metric::bare)
        + (score.mean().isPresent() ? range(metric, score.over().bootstrap()) : "");
  }

  private static String range(Metric metric, Optional<Interval> interval) {
    return interval
        .map(i -> " [" + metric.bare(i.low()) + ", " + metric.bare(i.high()) + "]")
        .orElse("");
  }

  private static String difference(Metric metric, SweepTrial trial, String label) {
    return trial
        .baseline(label)
        .map(other -> Row.difference(metric, trial.score().minus(other)))
        .orElse(Format.NONE);
  }

  static String budget(SweepRung rung) {
    String amount =
        rung.budget() == Math.rint(rung.budget())
            ? Long.toString((long) rung.budget())
            : Double.toString(rung.budget());
    return amount + " " + rung.unit();
  }

  /** Name, data, seeds and size in one line. */
  static String title(SweepResult sweep) {
    return sweep.name()
        + (sweep.data().isEmpty() ? "" : " on " + sweep.data())
        + ", "
        + TextTable.seeds(sweep.seeds())
        + ": "
        + sweep.method()
        + " at "
        + Format.plural(sweep.trials().size(), "point")
        + (sweep.drawn().isPresent()
            ? " drawn"
                + (sweep.points().isPresent() ? " of " + sweep.points().getAsLong() : "")
                + " with seed "
                + sweep.drawn().getAsLong()
            : "");
  }

  /** What was chosen and how good it is on data that had no part in the choice. */
  static List<String> conclusion(SweepResult sweep) {
    List<String> lines = new ArrayList<>();
    if (!sweep.selects()) {
      lines.add("A response surface: nothing was chosen.");
    } else if (sweep.winner().isEmpty()) {
      lines.add(
          sweep.status().equals("done")
              ? "No winner: no trial has a value for every seed."
              : "No winner yet: the sweep is " + sweep.status() + ".");
    }
    sweep
        .winner()
        .ifPresent(
            winner -> {
              SweepTrial trial = sweep.trial(winner.id()).orElseThrow();
              Metric chosenBy = sweep.metric();
              lines.add(
                  "Winner, chosen by "
                      + chosenBy.words()
                      + ": "
                      + trial.words()
                      + " ("
                      + trial.id()
                      + "), "
                      + Format.orDash(trial.score().mean(), chosenBy::value)
                      + "; the best of "
                      + sweep.trials().size()
                      + " looks better than it is.");
              lines.add(test(winner));
            });
    return lines;
  }

  private static String test(SweepWinner winner) {
    Metric metric = winner.metric();
    StringBuilder line = new StringBuilder("Its ").append(metric.words());
    line.append(", looked at once, after the choice: ");
    line.append(Format.orDash(winner.score().mean(), metric::value));
    line.append(range(metric, winner.score().over().bootstrap()));
    for (SweepScore baseline : winner.baselines()) {
      PairedTest test = winner.score().minus(baseline);
      line.append("; minus ").append(baseline.label()).append(": ");
      line.append(Row.difference(metric, test)).append(metric.differenceUnit());
    }
    return line.append('.').toString();
  }

  static String text(SweepResult sweep) {
    StringBuilder out = new StringBuilder();
    out.append(Escape.control(title(sweep))).append("\n\n");
    List<List<String>> rows = new ArrayList<>();
    List<String> head = rows(sweep).get(0);
    rows.add(head.stream().map(cell -> cell.replaceFirst(" \\[.*", "")).toList());
    rows.add(head.stream().map(cell -> cell.replaceFirst("^[^\\[]*", "")).toList());
    List<List<String>> all = rows(sweep);
    rows.addAll(all.subList(1, all.size()));
    out.append(TextTable.aligned(rows, 2)).append('\n');
    conclusion(sweep).forEach(line -> out.append(Escape.control(line)).append('\n'));
    return out.toString();
  }

  static String markdown(SweepResult sweep) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(Escape.markdown(title(sweep))).append("\n\n");
    conclusion(sweep)
        .forEach(line -> out.append("**").append(Escape.markdown(line)).append("**\n\n"));
    out.append(Escape.markdown(EXPLANATION)).append("\n\n");
    List<List<String>> rows = rows(sweep);
    for (int r = 0; r < rows.size(); r++) {
      out.append('|');
      rows.get(r).forEach(cell -> out.append(' ').append(Escape.markdown(cell)).append(" |"));
      out.append('\n');
      if (r == 0) {
        out.append("|---|").append("---:|".repeat(rows.get(0).size() - 1)).append('\n');
      }
    }
    return out.toString();
  }

  static final String EXPLANATION =
      "Intervals: 95 % percentile bootstrap over seeds, one trial at a time: no correction for"
          + " several tries. Differences are paired by seed.";

  static String csv(SweepResult sweep) {
    StringBuilder out = new StringBuilder();
    List<String> head = new ArrayList<>(List.of("trial"));
    sweep.axes().forEach(axis -> head.add(axis.key()));
    head.addAll(List.of("rung", "budget", "unit", "label", "seed", "status"));
    head.addAll(List.of(sweep.metric().split() + "/" + sweep.metric().name(), "flops", "run"));
    out.append(String.join(",", head.stream().map(Escape::csv).toList())).append("\r\n");
    for (SweepTrial trial : sweep.trials()) {
      row(out, sweep, trial, trial.score());
      trial.baselines().forEach(score -> row(out, sweep, trial, score));
    }
    return out.toString();
  }

  private static void row(
      StringBuilder out, SweepResult sweep, SweepTrial trial, SweepScore score) {
    SweepRung rung = sweep.rungs().get(trial.rung());
    for (Map.Entry<Long, OptionalDouble> value : score.values().entrySet()) {
      List<String> row = new ArrayList<>(List.of(Escape.csv(trial.id())));
      sweep.axes().forEach(axis -> row.add(Escape.csv(trial.value(axis.key()))));
      row.add(Integer.toString(trial.rung()));
      row.add(budget(rung).replaceFirst(" .*", ""));
      row.add(Escape.csv(rung.unit()));
      row.add(Escape.csv(score.label()));
      row.add(value.getKey().toString());
      row.add(Escape.csv(score.status()));
      row.add(plain(value.getValue()));
      row.add(plain(score.flops()));
      row.add(Escape.csv(score.runs().getOrDefault(value.getKey(), "")));
      out.append(String.join(",", row)).append("\r\n");
    }
  }

  private static String plain(OptionalDouble value) {
    return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
  }
}
