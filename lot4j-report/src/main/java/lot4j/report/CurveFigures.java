package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The learning curves of a comparison, a chart per metric, against whatever the reader chooses.
 *
 * <p>Long curves are thinned so that the page stays small: fewer points the more curves there are.
 */
final class CurveFigures {
  /** Points of all curves of a comparison together: about 1 MB of the page. */
  private static final int ALL_POINTS = 14_000;

  private static final int MOST_POINTS = 200;
  private static final int FEWEST_POINTS = 8;

  /** Digits kept of curves; they are looked at, {@code lot report --csv --curves} has all. */
  private static final int DIGITS = 6;

  private final Comparison comparison;
  private final int mostPoints;

  private CurveFigures(Comparison comparison, int charts) {
    this.comparison = comparison;
    int curves = Math.max(1, charts * comparison.methods().size());
    this.mostPoints = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, ALL_POINTS / curves));
  }

  /** Headings and charts; nothing if there is no curve of two points. */
  static List<Block> of(Comparison comparison) {
    Map<String, List<CurveCatalog.Choice>> topics = CurveCatalog.topics(comparison);
    int charts = topics.values().stream().mapToInt(List::size).sum();
    CurveFigures figures = new CurveFigures(comparison, charts);
    List<Block> blocks = new ArrayList<>();
    topics.forEach(
        (topic, choices) -> {
          List<Block> found =
              choices.stream()
                  .flatMap(choice -> figures.figure(choice).stream())
                  .map(figure -> (Block) new Block.Chart(figure))
                  .toList();
          if (!found.isEmpty()) {
            blocks.add(new Block.Heading(2, topic));
            blocks.add(new Block.Paragraph("soft", explanation(topic, comparison)));
            blocks.addAll(found);
          }
        });
    return blocks;
  }

  private static String explanation(String topic, Comparison comparison) {
    return switch (topic) {
      case "Imitability" ->
          "How far students are from the teacher that they imitate; 0 is a perfect copy. In training:"
              + " each learner’s own loss. Evaluated: kl free reference is KL(student ‖ teacher), kl"
              + " reference free is KL(teacher ‖ student), at temperature 1; agreement is the part"
              + " where both choose the same, distance how far the numbers that both predict are apart.";
      case "Entropy and calibration" ->
          "Entropy of the predictions in nats: how undecided they are. ECE: mean distance between"
              + " confidence and accuracy; 0 is calibrated.";
      default ->
          comparison.isReinforcement()
              ? "Line: interquartile mean over finished runs; band: its 95 % bootstrap interval,"
                  + " point by point. Between two reports of a run its last one holds."
              : "Line: mean over finished runs; band: smallest to largest run. A training line is"
                  + " the mean since the line before.";
    };
  }

  private Optional<Figure> figure(CurveCatalog.Choice choice) {
    List<DataTable> tables = new ArrayList<>();
    ObjectNode options = Figure.settings();
    options.put("unit", choice.isFraction() ? 100 : 1);
    ArrayNode views = options.putArray("views");
    ArrayNode runs = options.putArray("runs");
    StringBuilder alt = new StringBuilder(choice.words());
    if (comparison.isReinforcement()) {
      robust(choice, tables, views, runs, alt);
    } else {
      plain(choice, tables, views, runs, alt);
    }
    return tables.isEmpty()
        ? Optional.empty()
        : Optional.of(new Figure("curves", choice.words(), "", alt.toString(), options, tables));
  }

  /** One table whose first numbers are positions on every axis. */
  private void plain(
      CurveCatalog.Choice choice,
      List<DataTable> tables,
      ArrayNode views,
      ArrayNode runs,
      StringBuilder alt) {
    List<Curve.Against> axes = Curve.Against.of(comparison, choice);
    DataTable table =
        new DataTable(
                choice.split() + " " + choice.metric(),
                "method",
                "step",
                "samples",
                "flops",
                "wall_s",
                "mean",
                "low",
                "high")
            .rounded(DIGITS);
    boolean[] shown = new boolean[axes.size()];
    for (MethodResult method : comparison.methods()) {
      List<Curve> curves = Curve.of(method, choice.split(), choice.metric(), axes);
      Curve steps = curves.get(0);
      if (steps.points().size() < 2) {
        continue;
      }
      for (int point : steps.kept(mostPoints)) {
        Object[] cells = new Object[axes.size() + 3];
        for (int axis = 0; axis < axes.size(); axis++) {
          boolean known = !curves.get(axis).points().isEmpty();
          shown[axis] |= known;
          cells[axis] = known ? curves.get(axis).points().get(point).x() : Double.NaN;
        }
        Curve.Point at = steps.points().get(point);
        cells[axes.size()] = at.mean();
        cells[axes.size() + 1] = at.low();
        cells[axes.size() + 2] = at.high();
        table.row(method.label(), cells);
      }
      describe(choice, steps, runs, alt);
    }
    if (table.isEmpty()) {
      return;
    }
    for (int axis = 0; axis < axes.size(); axis++) {
      if (shown[axis]) {
        view(views, axes.get(axis), 0, axis + 1, false);
        if (axes.get(axis) == Curve.Against.FLOPS) {
          view(views, axes.get(axis), 0, axis + 1, true);
        }
      }
    }
    tables.add(table);
  }

  /** A table per axis: interquartile means lie on a grid of their own on each. */
  private void robust(
      CurveCatalog.Choice choice,
      List<DataTable> tables,
      ArrayNode views,
      ArrayNode runs,
      StringBuilder alt) {
    for (Curve.Against axis : Curve.Against.of(comparison, choice)) {
      DataTable table =
          new DataTable(
                  choice.split() + " " + choice.metric() + " by " + axis.words,
                  "method",
                  axis.words.replace(' ', '_'),
                  "iqm",
                  "low",
                  "high")
              .rounded(DIGITS);
      for (MethodResult method : comparison.methods()) {
        Curve curve = Curve.robust(method, choice.split(), choice.metric(), axis);
        if (curve.points().size() > 1) {
          curve
              .points()
              .forEach(p -> table.row(method.label(), p.x(), p.mean(), p.low(), p.high()));
          if (tables.isEmpty()) {
            describe(choice, curve, runs, alt);
          }
        }
      }
      if (!table.isEmpty()) {
        view(views, axis, tables.size(), 1, false);
        tables.add(table);
      }
    }
  }

  private static void view(
      ArrayNode views, Curve.Against axis, int table, int column, boolean lastHalf) {
    views
        .addObject()
        .put("name", axis.words + (lastHalf ? ", last half" : ""))
        .put("table", table)
        .put("column", column)
        .put("seconds", axis == Curve.Against.SECONDS)
        .put("lastHalf", lastHalf);
  }

  private static void describe(
      CurveCatalog.Choice choice, Curve curve, ArrayNode runs, StringBuilder alt) {
    runs.addObject().put("label", PageText.of(curve.label())).put("n", curve.runs());
    double last = curve.points().get(curve.points().size() - 1).mean();
    alt.append("; ").append(curve.label()).append(" ends at ");
    alt.append(Format.significant(choice.isFraction() ? 100 * last : last, 4));
  }
}
