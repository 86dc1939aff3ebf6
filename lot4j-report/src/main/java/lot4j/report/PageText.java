package lot4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Text on its way to the page's script: what HTML does not show as itself (controls, lone
 * surrogates, marks that turn the direction of what follows) is replaced, as in the page itself.
 */
final class PageText {
  private PageText() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      out.append(Escape.allowed(text, i) ? text.charAt(i) : Escape.REPLACEMENT);
    }
    return out.toString();
  }

  /** Rows of cells with their texts replaced likewise. */
  static ArrayNode of(ArrayNode rows) {
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : rows) {
      ArrayNode cells = out.addArray();
      for (JsonNode cell : row) {
        if (cell.isTextual()) {
          cells.add(of(cell.textValue()));
        } else {
          cells.add(cell);
        }
      }
    }
    return out;
  }
}
