package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reliability diagrams and confusion matrices, the runs of a method taken together.
 *
 * <p>Bins and cells are added over seeds: each prediction counts once.
 */
final class CalibrationFigures {
  static final String EXPLANATION =
      "Left to right: how sure a prediction was; up: how often such predictions were right. On the"
          + " diagonal confidence can be taken at its word; below it, it promises too much. Larger"
          + " dots: more predictions. All runs of a method together.";
  static final String CONFUSION_EXPLANATION =
      "Rows: the true class; columns: what the teacher took it for; shade: share of the row. All"
          + " runs of a method together.";

  /** Cells of one matrix that a page has room for; beyond, the rarest are left out. */
  private static final int MOST_CELLS = 2_000;

  /** Matrices that a page has room for. */
  private static final int MOST_MATRICES = 6;

  private final Comparison comparison;
  private final Map<String, List<RunDetails>> details = new LinkedHashMap<>();

  private CalibrationFigures(Comparison comparison) {
    this.comparison = comparison;
    for (MethodResult method : comparison.methods()) {
      List<RunDetails> found =
          method.runs().stream().flatMap(run -> RunDetails.read(run.path()).stream()).toList();
      if (!found.isEmpty()) {
        details.put(method.label(), found);
      }
    }
  }

  /** One diagram per kind of learner; none if no run has details. */
  static List<Figure> reliability(Comparison comparison) {
    return new CalibrationFigures(comparison).reliability();
  }

  /** The teachers' matrices, one figure; none if no run has one. */
  static Optional<Figure> confusion(Comparison comparison) {
    return new CalibrationFigures(comparison).confusion();
  }

  private List<Figure> reliability() {
    TreeSet<String> learners = new TreeSet<>();
    details.values().forEach(all -> all.forEach(one -> learners.addAll(one.learners().keySet())));
    List<Figure> figures = new ArrayList<>();
    for (String learner : LearnerFigures.ordered(learners)) {
      DataTable table =
          new DataTable(
              "reliability of " + learner, "method", "from", "to", "n", "confidence", "accuracy");
      StringBuilder alt = new StringBuilder("Reliability of the " + learner);
      details.forEach(
          (label, runs) -> {
            List<RunDetails.Bin> bins = added(runs, learner);
            bins.stream()
                .filter(bin -> bin.n() > 0)
                .forEach(
                    bin ->
                        table.row(
                            label,
                            bin.from(),
                            bin.to(),
                            bin.n(),
                            bin.confidence(),
                            bin.accuracy()));
            if (!bins.isEmpty()) {
              alt.append("; ").append(label).append(": expected calibration error ");
              alt.append(Format.significant(100 * error(bins), 3)).append(" %");
            }
          });
      if (!table.isEmpty()) {
        figures.add(
            new Figure(
                "reliability",
                "Reliability of the " + learner + " (" + split() + ")",
                "",
                alt.toString(),
                Figure.settings(),
                List.of(table)));
      }
    }
    return figures;
  }

  private String split() {
    return details.values().iterator().next().get(0).split();
  }

  /** The same bins of several runs as one. */
  static List<RunDetails.Bin> added(List<RunDetails> runs, String learner) {
    Map<Double, RunDetails.Bin> bins = new LinkedHashMap<>();
    for (RunDetails run : runs) {
      RunDetails.Learner found = run.learners().get(learner);
      for (RunDetails.Bin bin : found == null ? List.<RunDetails.Bin>of() : found.reliability()) {
        bins.merge(bin.to(), bin, CalibrationFigures::added);
      }
    }
    return List.copyOf(bins.values());
  }

  private static RunDetails.Bin added(RunDetails.Bin one, RunDetails.Bin two) {
    long n = one.n() + two.n();
    double total = Math.max(1, n);
    return new RunDetails.Bin(
        one.from(),
        one.to(),
        n,
        (one.n() * one.confidence() + two.n() * two.confidence()) / total,
        (one.n() * one.accuracy() + two.n() * two.accuracy()) / total);
  }

  /** Mean distance of confidence and accuracy, weighted by predictions. */
  static double error(List<RunDetails.Bin> bins) {
    double all = Math.max(1, bins.stream().mapToLong(RunDetails.Bin::n).sum());
    return bins.stream()
        .mapToDouble(bin -> bin.n() / all * Math.abs(bin.confidence() - bin.accuracy()))
        .sum();
  }

  private Optional<Figure> confusion() {
    Map<String, long[][]> matrices = new LinkedHashMap<>();
    details.forEach((label, runs) -> sum(runs).ifPresent(matrix -> matrices.put(label, matrix)));
    List<String> shown = shown(matrices);
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    List<String> classes = details.get(shown.get(0)).get(0).classes();
    DataTable table = new DataTable("confusion", "method", "class", "predicted", "n");
    StringBuilder alt = new StringBuilder("What the teacher takes for what (" + split() + ")");
    for (String label : shown) {
      long[][] matrix = matrices.get(label);
      long least = least(matrix);
      for (int i = 0; i < matrix.length; i++) {
        for (int j = 0; j < matrix.length; j++) {
          if (matrix[i][j] >= least) {
            table.row(label, i, j, matrix[i][j]);
          }
        }
      }
      alt.append("; ").append(label).append(": ").append(worst(matrix, classes));
    }
    ObjectNode options = Figure.settings();
    ArrayNode names = options.putArray("classes");
    for (int i = 0; i < matrices.get(shown.get(0)).length; i++) {
      names.add(PageText.of(name(classes, i)));
    }
    options.set("totals", totals(shown, matrices));
    return Optional.of(
        new Figure(
            "confusion",
            "Confusion (" + split() + ")",
            CONFUSION_EXPLANATION
                + (shown.size() < matrices.size()
                    ? " Shown: " + shown.size() + " of " + matrices.size() + " methods."
                    : ""),
            alt.toString(),
            options,
            List.of(table)));
  }

  /** All, or the first LoT variant, what it is held against, and what follows. */
  private List<String> shown(Map<String, long[][]> matrices) {
    List<String> order = new ArrayList<>();
    for (Finding finding : comparison.findings()) {
      order.add(finding.label());
      finding.baseline().ifPresent(order::add);
    }
    order.addAll(matrices.keySet());
    return order.stream()
        .distinct()
        .filter(matrices::containsKey)
        .filter(label -> matrices.get(label).length == matrices.values().iterator().next().length)
        .limit(MOST_MATRICES)
        .toList();
  }

  private static ObjectNode totals(List<String> shown, Map<String, long[][]> matrices) {
    ObjectNode totals = Figure.settings();
    for (int k = 0; k < shown.size(); k++) {
      ArrayNode rows = totals.putArray(Integer.toString(k));
      for (long[] row : matrices.get(shown.get(k))) {
        long sum = 0;
        for (long n : row) {
          sum += n;
        }
        rows.add(sum);
      }
    }
    return totals;
  }

  private static Optional<long[][]> sum(List<RunDetails> runs) {
    Optional<long[][]> sum = Optional.empty();
    for (RunDetails run : runs) {
      RunDetails.Learner teacher = run.learners().get("teacher");
      if (teacher == null || teacher.confusion().length == 0) {
        continue;
      }
      int size = teacher.confusion().length;
      long[][] into = sum.filter(s -> s.length == size).orElse(new long[size][size]);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          into[i][j] += teacher.confusion()[i][j];
        }
      }
      sum = Optional.of(into);
    }
    return sum;
  }

  /** The smallest count that still fits, 1 or more. */
  private static long least(long[][] matrix) {
    List<Long> counts = new ArrayList<>();
    for (long[] row : matrix) {
      for (long n : row) {
        if (n > 0) {
          counts.add(n);
        }
      }
    }
    if (counts.size() <= MOST_CELLS) {
      return 1;
    }
    counts.sort((a, b) -> Long.compare(b, a));
    return counts.get(MOST_CELLS - 1) + 1;
  }

  private static String worst(long[][] matrix, List<String> classes) {
    int row = 0;
    int column = 0;
    long most = 0;
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        if (i != j && matrix[i][j] > most) {
          most = matrix[i][j];
          row = i;
          column = j;
        }
      }
    }
    return most == 0
        ? "no error"
        : "most often " + name(classes, row) + " for " + name(classes, column) + " (" + most + ")";
  }

  private static String name(List<String> classes, int index) {
    return index < classes.size() ? classes.get(index) : Integer.toString(index);
  }
}
