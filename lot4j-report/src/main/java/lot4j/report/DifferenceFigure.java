package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import lot4j.stats.Interval;

/** The forest plot: differences with both intervals and every seed. */
final class DifferenceFigure {
  private DifferenceFigure() {}

  /** The figure; empty if no pair has a difference. */
  static Optional<Figure> of(Comparison comparison) {
    return comparison.primary().flatMap(metric -> of(comparison, metric));
  }

  private static Optional<Figure> of(Comparison comparison, Metric metric) {
    List<Pair> pairs = Differences.shown(comparison, metric);
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode options = Figure.settings();
    options.put("unit", metric.isFraction() ? 100 : 1);
    options.put("higherIsBetter", metric.higherIsBetter());
    options.put(
        "axis",
        "difference in " + metric.words() + (metric.isFraction() ? ", percentage points" : ""));
    ArrayNode rows = options.putArray("rows");
    DataTable table =
        new DataTable(
            "differences",
            "pair",
            "a",
            "b",
            "n",
            "difference",
            "bootstrap_low",
            "bootstrap_high",
            "t_low",
            "t_high",
            "bca_low",
            "bca_high",
            "sign_flip_p",
            "p_holm");
    DataTable seeds = new DataTable("seeds", "pair", "seed", "difference");
    StringBuilder alt = new StringBuilder("Differences in " + metric.words());
    for (Pair pair : pairs) {
      String name = pair.a() + " minus " + pair.b();
      String text = Row.difference(metric, pair);
      rows.addObject()
          .put("tone", tone(Finding.outcome(pair.test(), metric)))
          .put("text", text)
          .put("n", Format.plural(pair.test().n(), "seed"));
      Optional<Interval> bootstrap = pair.test().bootstrap();
      Optional<Interval> t = pair.test().studentT();
      table.row(
          name,
          pair.a(),
          pair.b(),
          pair.test().n(),
          pair.test().difference(),
          low(bootstrap),
          high(bootstrap),
          low(t),
          high(t),
          low(pair.bca()),
          high(pair.bca()),
          pair.signFlip().map(test -> OptionalDouble.of(test.p())).orElse(OptionalDouble.empty()),
          comparison
              .claims()
              .of(pair.a(), pair.b())
              .map(claim -> OptionalDouble.of(claim.holm()))
              .orElse(OptionalDouble.empty()));
      Differences.bySeed(comparison, pair)
          .forEach((seed, difference) -> seeds.row(name, seed, difference));
      alt.append("; ").append(name).append(": ").append(text);
    }
    alt.append(metric.isFraction() ? ", percentage points" : "");
    return Optional.of(
        new Figure(
            "forest",
            "",
            "Mean over seeds of the paired difference. Thick: 95 % percentile bootstrap; thin with"
                + " ends: 95 % Student’s t; dots: single seeds. Coloured only where resolved."
                + " Differences to plain teacher-only are not at equal compute.",
            alt.toString(),
            options,
            List.of(table, seeds)));
  }

  static OptionalDouble low(Optional<Interval> interval) {
    return interval.map(i -> OptionalDouble.of(i.low())).orElse(OptionalDouble.empty());
  }

  static OptionalDouble high(Optional<Interval> interval) {
    return interval.map(i -> OptionalDouble.of(i.high())).orElse(OptionalDouble.empty());
  }

  /** The class of an outcome's colour. */
  static String tone(Finding.Outcome outcome) {
    return switch (outcome) {
      case BETTER -> "good";
      case WORSE -> "bad";
      case NOT_RESOLVED -> "open";
    };
  }
}
