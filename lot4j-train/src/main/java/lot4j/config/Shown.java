package lot4j.config;

import java.util.stream.Collectors;

/**
 * The user's own text as messages show it: on one line, control characters escaped, not endless.
 */
final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  /** Text with every character escaped that could move the cursor or hide something. */
  static String text(String raw) {
    StringBuilder out = new StringBuilder();
    raw.codePoints().forEach(point -> append(out, point));
    return out.toString();
  }

  /** The same, cut after a reasonable length. */
  static String brief(String raw) {
    if (raw.codePointCount(0, raw.length()) <= LONGEST) {
      return text(raw);
    }
    return text(raw.substring(0, raw.offsetByCodePoints(0, LONGEST))) + "…";
  }

  /** A node as a user would write it on one line. */
  static String of(YamlNode node) {
    return brief(inline(node));
  }

  private static String inline(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.isNothing() && scalar.text().isEmpty() ? "(nothing)" : scalar.text();
    }
    if (node instanceof YamlNode.Sequence sequence) {
      return sequence.items().stream()
          .limit(LONGEST)
          .map(Shown::inline)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return ((YamlNode.Mapping) node)
        .entries().entrySet().stream()
            .limit(LONGEST)
            .map(entry -> entry.getKey() + ": " + inline(entry.getValue().value()))
            .collect(Collectors.joining(", ", "{", "}"));
  }

  private static void append(StringBuilder out, int point) {
    switch (point) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isHarmless(point)) {
          out.appendCodePoint(point);
        } else if (point < 0x100) {
          out.append(String.format("\\x%02x", point));
        } else {
          out.append(String.format("\\u%04x", point));
        }
      }
    }
  }

  static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
