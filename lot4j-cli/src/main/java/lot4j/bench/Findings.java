package lot4j.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark measured.
 *
 * @param benchmark its name
 * @param series in the order of the table
 * @param notes what a reader has to know, one line each
 */
public record Findings(String benchmark, List<Series> series, List<String> notes) {
  public Findings {
    series = List.copyOf(series);
    notes = List.copyOf(notes);
  }

  /** As JSON: every value, and medians for those who want no more. */
  public ObjectNode json() {
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("benchmark", benchmark);
    var all = document.putArray("series");
    for (Series each : series) {
      ObjectNode node = all.addObject();
      node.put("name", each.name()).put("unit", each.unit());
      node.put("median", each.median()).put("min", each.min()).put("max", each.max());
      var values = node.putArray("values");
      each.values().forEach(values::add);
      if (!each.beside().isEmpty()) {
        node.put("beside", each.beside());
      }
    }
    var lines = document.putArray("notes");
    notes.forEach(lines::add);
    return document;
  }

  /** As a Markdown table, readable as plain text. */
  public String table() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of(benchmark, "median", "min–max", "unit", "beside"));
    for (Series each : series) {
      rows.add(
          List.of(
              each.name(),
              shown(each.median()),
              shown(each.min()) + "–" + shown(each.max()),
              each.unit(),
              each.beside()));
    }
    int[] widths = new int[rows.get(0).size()];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      line(out, rows.get(r), widths, " ");
      if (r == 0) {
        line(out, List.of("", "", "", "", ""), widths, "-");
      }
    }
    notes.forEach(note -> out.append('\n').append(note));
    return out.toString();
  }

  private static void line(StringBuilder out, List<String> cells, int[] widths, String fill) {
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      String space = fill.repeat(widths[i] - cell.length());
      boolean number = i == 1 || i == 2;
      out.append("| ").append(number ? space + cell : cell + space).append(' ');
    }
    out.append("|\n");
  }

  private static String shown(double value) {
    String pattern = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f";
    return String.format(Locale.ROOT, pattern, value);
  }
}
