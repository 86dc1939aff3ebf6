package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The numbers behind a chart: what its script draws, its CSV file holds and its table shows.
 *
 * <p>The first column is a text by which rows stand together, so that it is written once per group.
 */
final class DataTable {
  /** So many rows does the table below a chart show; the CSV file has all. */
  private static final int MOST_SHOWN = 60;

  private final String name;
  private final List<String> columns;
  private final Map<String, ArrayNode> groups = new LinkedHashMap<>();
  private int digits;

  DataTable(String name, String... columns) {
    this.name = name;
    this.columns = List.of(columns);
  }

  /** Rounds later numbers to so many significant digits: long curves are only looked at. */
  DataTable rounded(int significantDigits) {
    this.digits = significantDigits;
    return this;
  }

  /**
   * Adds a row.
   *
   * @param group the first cell
   * @param cells the others: texts, numbers, or empty {@link OptionalDouble}s where there is none
   */
  DataTable row(String group, Object... cells) {
    if (cells.length != columns.size() - 1) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns);
    }
    ArrayNode row = groups.computeIfAbsent(group, k -> array()).addArray();
    for (Object cell : cells) {
      row.add(node(cell));
    }
    return this;
  }

  /** What the table below the chart shows. */
  String words() {
    int rows = shown().size() - 1;
    return name + (rows < size() ? ": " + rows + " of " + size() + " points" : "");
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  int size() {
    return groups.values().stream().mapToInt(ArrayNode::size).sum();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", PageText.of(name)).put("words", PageText.of(words()));
    ArrayNode heads = json.putArray("columns");
    columns.forEach(column -> heads.add(PageText.of(column)));
    ArrayNode all = json.putArray("groups");
    groups.forEach(
        (key, rows) -> all.addObject().put("key", PageText.of(key)).set("rows", PageText.of(rows)));
    return json;
  }

  /** Head and rows for a table, thinned evenly with both ends of each group kept. */
  List<List<String>> shown() {
    List<List<String>> shown = new ArrayList<>();
    shown.add(columns);
    int most = Math.max(2, MOST_SHOWN / Math.max(1, groups.size()));
    groups.forEach(
        (key, rows) -> {
          int count = size() <= MOST_SHOWN ? rows.size() : Math.min(most, rows.size());
          for (int i = 0; i < count; i++) {
            int at = count == 1 ? 0 : (int) ((long) i * (rows.size() - 1) / (count - 1));
            List<String> cells = new ArrayList<>(List.of(key));
            rows.get(at).forEach(cell -> cells.add(text(cell)));
            shown.add(cells);
          }
        });
    return shown;
  }

  private static String text(JsonNode cell) {
    if (cell.isNull()) {
      return Format.NONE;
    }
    boolean rounded = cell.isFloatingPointNumber();
    return rounded ? Format.significant(cell.doubleValue(), 5) : cell.asText();
  }

  private JsonNode node(Object cell) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    if (cell instanceof String text) {
      return factory.textNode(text);
    }
    if (cell instanceof OptionalDouble optional) {
      return optional.isPresent() ? node(optional.getAsDouble()) : factory.nullNode();
    }
    if (cell instanceof Integer || cell instanceof Long) {
      return factory.numberNode(((Number) cell).longValue());
    }
    double value = ((Number) cell).doubleValue();
    if (!Double.isFinite(value)) {
      return factory.nullNode();
    }
    double kept =
        digits > 0 ? new BigDecimal(value).round(new MathContext(digits)).doubleValue() : value;
    return kept == Math.rint(kept) && Math.abs(kept) < 0x1p53
        ? factory.numberNode((long) kept)
        : factory.numberNode(kept);
  }

  private static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
