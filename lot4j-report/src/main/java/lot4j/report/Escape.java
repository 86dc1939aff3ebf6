package lot4j.report;

/** One escaper per output, for text that comes from files. */
final class Escape {
  /** Stands for what is not allowed. */
  static final char REPLACEMENT = '\uFFFD';

  private Escape() {}

  /** Text of HTML and SVG, and of attributes in double quotes. */
  static String html(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(allowed(text, i) ? c : REPLACEMENT);
      }
    }
    return out.toString();
  }

  /** JSON inside a script element: no {@code <} remains, so no tag and no comment can begin. */
  static String json(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  /** A cell of a Markdown table, with HTML and every mark-up character made inert. */
  static String markdown(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (char c : control(text).toCharArray()) {
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\\', '`', '*', '_', '[', ']', '|', '#', '~', '!' -> out.append('\\').append(c);
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /**
   * A text field of a CSV file (RFC 4180). A field that a spreadsheet would take for a formula gets
   * an apostrophe in front.
   */
  static String csv(String text) {
    boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
    String field = formula ? "'" + text : text;
    boolean quoted = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }

  /** A line of a terminal: control and direction characters are shown as escapes. */
  static String control(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean hidden =
                  type == Character.CONTROL
                      || type == Character.FORMAT
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR
                      || type == Character.SURROGATE;
              if (c == '\n') {
                out.append("\\n");
              } else if (hidden) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /** Controls, lone surrogates and marks that reverse the direction of what follows are not. */
  static boolean allowed(String text, int index) {
    char c = text.charAt(index);
    if (c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069) {
      return false;
    }
    if (Character.isHighSurrogate(c)) {
      return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
    return c >= ' ' && c < '\uFFFE' && (c < 0x7f || c > 0x9f) || c == '\n' || c == '\t';
  }
}
