package lot4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The closing print of {@code lot compare}: plain text, columns aligned. */
final class TextTable {
  private TextTable() {}

  static String of(Comparison comparison) {
    StringBuilder out = new StringBuilder();
    out.append(Escape.control(title(comparison))).append("\n\n");
    List<List<String>> rows = new ArrayList<>();
    List<String> heads = Row.heads(comparison);
    rows.add(heads.stream().map(head -> head.replaceFirst(" \\[.*", "")).toList());
    rows.add(heads.stream().map(head -> head.replaceFirst("^[^\\[]*", "")).toList());
    rows.addAll(Row.all(comparison));
    out.append(aligned(rows, 2)).append('\n');
    comparison.claims().line().ifPresent(line -> out.append(Escape.control(line)).append("\n\n"));
    List<List<String>> gaps = GeneralizationGap.table(comparison);
    if (!gaps.isEmpty()) {
      out.append(aligned(gaps, 1)).append('\n');
    }
    if (comparison.findings().isEmpty()) {
      return out.append(comparison.verdict()).append('\n').toString();
    }
    comparison
        .findings()
        .forEach(finding -> out.append(Escape.control(finding.sentence())).append('\n'));
    comparison
        .rivals()
        .forEach(rivals -> out.append(Escape.control(rivals.sentence())).append('\n'));
    return out.toString();
  }

  /** Name, data and seeds in one line. */
  static String title(Comparison comparison) {
    String data = comparison.data();
    return comparison.name()
        + (data.isEmpty() ? "" : " on " + data)
        + ", "
        + seeds(comparison.seeds());
  }

  /** {@code seeds 0–4} if they are consecutive, else all of them. */
  static String seeds(List<Long> seeds) {
    if (seeds.size() == 1) {
      return "seed " + seeds.get(0);
    }
    boolean consecutive =
        seeds.size() > 2 && seeds.get(seeds.size() - 1) - seeds.get(0) == seeds.size() - 1;
    return consecutive
        ? "seeds " + seeds.get(0) + " to " + seeds.get(seeds.size() - 1)
        : "seeds " + seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /**
   * The first {@code heads} rows are the head; the first column is left-aligned, the others right.
   */
  static String aligned(List<List<String>> rows, int heads) {
    List<List<String>> shown =
        rows.stream().map(row -> row.stream().map(Escape::control).toList()).toList();
    int[] widths = new int[shown.get(0).size()];
    for (List<String> row : shown) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < shown.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = shown.get(r).get(i);
        String space = " ".repeat(widths[i] - length(cell));
        line.append(i == 0 ? cell + space : "  " + space + cell);
      }
      out.append(line.toString().stripTrailing()).append('\n');
      if (r == heads - 1) {
        out.append("-".repeat(Arrays.stream(widths).sum() + 2 * (widths.length - 1)));
        out.append('\n');
      }
    }
    return out.toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
