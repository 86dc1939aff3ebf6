package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import lot4j.stats.Interval;
import lot4j.stats.PairedTest;

/**
 * A response surface: what every point of a sweep gave, or how much more than a baseline.
 *
 * @param words what is shown
 * @param baseline the label that is subtracted; empty for the score itself
 * @param cells a value for each trial
 */
record SweepSurface(String words, Optional<String> baseline, List<Cell> cells) {
  /** Keeps a copy of the list. */
  SweepSurface {
    cells = List.copyOf(cells);
  }

  /**
   * One trial's value.
   *
   * @param trial which
   * @param value mean over the seeds; empty if there is none
   * @param interval 95 % bootstrap over seeds
   */
  record Cell(SweepTrial trial, OptionalDouble value, Optional<Interval> interval) {}

  /** The score's surface first, then the difference to each baseline. */
  static List<SweepSurface> of(SweepResult sweep) {
    List<SweepSurface> surfaces = new ArrayList<>();
    List<Cell> own = new ArrayList<>();
    for (SweepTrial trial : sweep.trials()) {
      OptionalDouble mean = trial.score().mean();
      own.add(
          new Cell(
              trial, mean, mean.isPresent() ? trial.score().over().bootstrap() : Optional.empty()));
    }
    surfaces.add(new SweepSurface(sweep.metric().words(), Optional.empty(), own));
    for (String label : sweep.baselines()) {
      List<Cell> cells = new ArrayList<>();
      for (SweepTrial trial : sweep.trials()) {
        Optional<PairedTest> test = trial.baseline(label).map(trial.score()::minus);
        boolean whole =
            trial.score().mean().isPresent()
                && trial.baseline(label).filter(b -> b.mean().isPresent()).isPresent();
        cells.add(
            new Cell(
                trial,
                whole ? test.orElseThrow().difference() : OptionalDouble.empty(),
                whole ? test.orElseThrow().bootstrap() : Optional.empty()));
      }
      String words = sweep.metric().words() + " minus " + label;
      surfaces.add(new SweepSurface(words, Optional.of(label), cells));
    }
    return surfaces;
  }

  /** Whether two listed keys span it, so that it can be shown as cells. */
  static boolean isGrid(SweepResult sweep) {
    return sweep.axes().size() >= 2
        && sweep.axes().stream().noneMatch(axis -> axis.values().isEmpty());
  }

  /** The values of a listed key as texts, in order. */
  static List<String> values(SweepAxis axis) {
    return axis.values().stream().map(SweepTrial::shown).toList();
  }

  /** Cells by the values of the third key and those after it: one group where there are two. */
  Map<String, List<Cell>> panels(SweepResult sweep) {
    List<SweepAxis> others = sweep.axes().subList(2, sweep.axes().size());
    Map<String, List<Cell>> panels = new LinkedHashMap<>();
    for (Cell cell : cells) {
      String name =
          others.stream()
              .map(axis -> axis.key() + " = " + cell.trial().value(axis.key()))
              .collect(Collectors.joining(", "));
      panels.computeIfAbsent(name, any -> new ArrayList<>()).add(cell);
    }
    return panels;
  }

  /** Smallest and largest value; empty without values. */
  Optional<Interval> range() {
    double[] values =
        cells.stream().flatMapToDouble(cell -> cell.value().stream()).sorted().toArray();
    return values.length == 0
        ? Optional.empty()
        : Optional.of(new Interval(values[0], values[values.length - 1]));
  }

  /**
   * Where a value lies for its colour: 0 to 1 from the smallest to the largest; of differences −1
   * to 1, 0 where there is none.
   */
  static double place(double value, Interval range, boolean difference) {
    if (difference) {
      double most = Math.max(Math.abs(range.low()), Math.abs(range.high()));
      return most == 0 ? 0 : value / most;
    }
    return range.high() == range.low() ? 0.5 : (value - range.low()) / (range.high() - range.low());
  }

  /** A listed or drawn value as a number, if it is one. */
  static OptionalDouble number(JsonNode value) {
    return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
  }
}
