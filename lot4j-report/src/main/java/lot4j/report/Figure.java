package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A chart as the page's script draws it.
 *
 * @param kind which function of {@code report.js} draws it
 * @param title stands above it
 * @param caption how to read it, below it
 * @param alt what it shows, in words: read aloud, and shown where no script runs
 * @param options what the drawing function needs besides the data
 * @param data the numbers, one table or several
 */
record Figure(
    String kind,
    String title,
    String caption,
    String alt,
    ObjectNode options,
    List<DataTable> data) {
  private static final Set<String> HALF = Set.of("curves", "pareto", "reliability", "scatter");

  /** Keeps a copy of the list. */
  Figure {
    data = List.copyOf(data);
  }

  static ObjectNode settings() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Its classes: charts of which several are looked at together have half the width. */
  String style() {
    return HALF.contains(kind) ? kind + " half" : kind;
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", "figure").put("kind", kind).put("style", style());
    json.put("title", PageText.of(title)).put("caption", PageText.of(caption));
    json.put("alt", PageText.of(alt));
    json.set("options", options);
    ArrayNode tables = json.putArray("data");
    data.forEach(table -> tables.add(table.json()));
    return json;
  }
}
