package lot4j.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A part of the page with a question of its own: a comparison, a sweep, a probe.
 *
 * @param title the heading
 * @param about one line on what it rests on
 * @param series what has a colour in its charts, in order
 * @param blocks the parts
 */
record Section(String title, String about, List<Palette.Entry> series, List<Block> blocks) {
  /** Keeps copies. */
  Section {
    series = List.copyOf(series);
    blocks = List.copyOf(blocks);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("title", PageText.of(title)).put("about", PageText.of(about));
    ArrayNode entries = json.putArray("series");
    for (Palette.Entry entry : series) {
      ObjectNode node = entries.addObject().put("label", PageText.of(entry.label()));
      node.put("colour", entry.colour()).put("strong", entry.strong());
    }
    json.set("blocks", json(blocks));
    return json;
  }

  private static ArrayNode json(List<Block> blocks) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    blocks.forEach(block -> array.add(json(block)));
    return array;
  }

  private static ObjectNode json(Block block) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (block instanceof Block.Heading heading) {
      json.put("type", "heading").put("level", heading.level());
      json.put("text", PageText.of(heading.text()));
    } else if (block instanceof Block.Paragraph paragraph) {
      json.put("type", "paragraph").put("style", paragraph.style());
      json.put("text", PageText.of(paragraph.text()));
    } else if (block instanceof Block.Answer answer) {
      json.put("type", "answer").put("tone", answer.tone());
      json.put("head", PageText.of(answer.head())).put("text", PageText.of(answer.text()));
    } else if (block instanceof Block.Grid grid) {
      json.put("type", "table").put("style", grid.style());
      ArrayNode rows = json.putArray("rows");
      for (List<String> row : grid.rows()) {
        ArrayNode cells = rows.addArray();
        row.forEach(cell -> cells.add(PageText.of(cell)));
      }
      ArrayNode marked = json.putArray("marked");
      grid.marked().forEach(marked::add);
    } else if (block instanceof Block.Fold fold) {
      json.put("type", "fold").put("summary", PageText.of(fold.summary()));
      json.set("blocks", json(fold.blocks()));
    } else if (block instanceof Block.Code code) {
      json.put("type", "code").put("text", PageText.of(code.text()));
    } else if (block instanceof Block.Chart chart) {
      return chart.figure().json();
    }
    return json;
  }
}
