package lot4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import lot4j.stats.SignFlipTest;

/** The document {@code report.md}: verdict first, then methods, then pairs. */
final class MarkdownTable {
  private MarkdownTable() {}

  static String of(Comparison comparison) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(Escape.markdown(comparison.name())).append("\n\n");
    if (comparison.findings().isEmpty()) {
      out.append(comparison.verdict()).append("\n\n");
    }
    for (Finding finding : comparison.findings()) {
      out.append("**").append(Escape.markdown(finding.sentence())).append("**\n\n");
    }
    comparison
        .rivals()
        .forEach(rivals -> out.append(Escape.markdown(rivals.sentence())).append("\n\n"));
    out.append(Escape.markdown(about(comparison))).append("\n\n");
    List<List<String>> rows = new ArrayList<>();
    rows.add(Row.heads(comparison));
    rows.addAll(Row.all(comparison));
    out.append(table(rows)).append('\n');
    List<List<String>> gaps = GeneralizationGap.table(comparison);
    if (!gaps.isEmpty()) {
      out.append("## ").append(GeneralizationGap.TITLE).append("\n\n").append(table(gaps));
      out.append('\n').append(GeneralizationGap.EXPLANATION).append("\n\n");
    }
    comparison.primary().ifPresent(metric -> pairs(out, comparison, metric));
    return out.toString();
  }

  private static String about(Comparison comparison) {
    String direction =
        comparison
            .primary()
            .map(m -> m.words() + (m.higherIsBetter() ? ", higher" : ", lower") + " is better; ")
            .orElse("");
    String data = comparison.data().isEmpty() ? "" : "Data: " + comparison.data() + "; ";
    return data
        + direction
        + TextTable.seeds(comparison.seeds())
        + ". Intervals: 95 % percentile bootstrap over seeds; differences are paired by seed."
        + " Updates: teacher + students. FLOPs in brackets: relative to teacher-only."
        + (comparison.isReinforcement() ? " " + ReturnRow.EXPLANATION : "");
  }

  private static void pairs(StringBuilder out, Comparison comparison, Metric metric) {
    if (comparison.pairs().isEmpty()) {
      return;
    }
    out.append("## Pairs\n\n");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "a",
            "b",
            "n",
            "a - b [95 % interval]",
            "t interval",
            "P(a better than b) [95 % interval]",
            "sign-flip p [Holm]",
            "d paired / pooled"));
    for (Pair pair : comparison.pairs()) {
      rows.add(
          List.of(
              pair.a(),
              pair.b(),
              Integer.toString(pair.test().n()),
              Row.difference(metric, pair),
              pair.test().studentT().map(i -> Finding.range(metric, i)).orElse(Format.NONE),
              Row.probability(pair),
              Row.p(comparison, pair),
              Row.effect(pair)));
    }
    out.append(table(rows));
    out.append('\n').append(explanation(comparison)).append('\n');
    unit(metric).ifPresent(text -> out.append('\n').append(text).append('\n'));
  }

  /** What the columns on p values and effects mean, and the smallest p that can be reached. */
  static String explanation(Comparison comparison) {
    String reach =
        comparison.pairs().stream()
            .map(pair -> pair.test().n())
            .filter(n -> n > 0)
            .distinct()
            .map(n -> Format.plural(n, "seed") + ": " + Claims.p(SignFlipTest.smallestP(n)))
            .collect(Collectors.joining(", "));
    int claims = comparison.claims().claims().size();
    return "Sign flips: two-sided p of the paired differences"
        + (reach.isEmpty() ? "" : "; the smallest possible with " + reach)
        + ". In brackets: corrected by Holm for "
        + Format.plural(claims, "comparison")
        + ", every method against its baseline. d: difference over the standard deviation of the"
        + " differences / of single runs.";
  }

  private static Optional<String> unit(Metric metric) {
    return metric.isFraction()
        ? Optional.of("Differences are percentage points.")
        : Optional.empty();
  }

  static String table(List<List<String>> rows) {
    StringBuilder out = new StringBuilder();
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
}
