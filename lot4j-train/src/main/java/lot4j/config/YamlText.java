package lot4j.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Plain values as YAML, always the same bytes for the same values. */
final class YamlText {
  private static final int WIDTH = 96;

  private final StringBuilder out = new StringBuilder();

  private YamlText() {}

  /** A document: the root's keys on lines of their own, what is short on one line. */
  static String of(Map<String, Object> root) {
    YamlText text = new YamlText();
    root.forEach((key, value) -> text.entry(key, value, 0, ""));
    return text.out.toString();
  }

  private void entry(String key, Object value, int depth, String lead) {
    String start = "  ".repeat(depth) + lead + scalar(key) + ":";
    String line = start + " " + flow(value);
    boolean flat = !(value instanceof Map<?, ?>) && !isListOfMaps(value);
    if (flat || line.length() <= WIDTH && !lists(value)) {
      out.append(line).append('\n');
      return;
    }
    out.append(start).append('\n');
    if (value instanceof Map<?, ?> map) {
      map.forEach((k, v) -> entry((String) k, v, depth + 1, ""));
      return;
    }
    for (Object item : (List<?>) value) {
      out.append("  ".repeat(depth + 1)).append("- ").append(flow(item)).append('\n');
    }
  }

  private static boolean lists(Object value) {
    return isListOfMaps(value)
        || value instanceof Map<?, ?> map
            && map.values().stream().anyMatch(v -> v instanceof Map || isListOfMaps(v));
  }

  private static boolean isListOfMaps(Object value) {
    return value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance);
  }

  /** A value on one line. */
  static String flow(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> scalar(entry.getKey()) + ": " + flow(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
    }
    return scalar(value);
  }

  private static String scalar(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return number(((Number) value).doubleValue());
    }
    return value instanceof String text ? quoted(text) : String.valueOf(value);
  }

  /** The shortest text that reads as the same double. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return ".nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? ".inf" : "-.inf";
    }
    return Double.toString(value).replace(".0E", "E").replace('E', 'e');
  }

  private static String quoted(String text) {
    boolean plain = text.matches("[A-Za-z_./][A-Za-z0-9_./@+-]*") && isText(text);
    if (plain) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(point -> escape(quoted, point));
    return quoted.append('"').toString();
  }

  private static boolean isText(String text) {
    return YamlTree.value("", text) instanceof YamlNode.Scalar scalar && scalar.is(text);
  }

  private static void escape(StringBuilder out, int point) {
    if (point == '"' || point == '\\') {
      out.append('\\').appendCodePoint(point);
    } else if (Shown.isHarmless(point)) {
      out.appendCodePoint(point);
    } else {
      out.append(
          point < 0x100
              ? String.format("\\x%02x", point)
              : point < 0x10000
                  ? String.format("\\u%04x", point)
                  : String.format("\\U%08x", point));
    }
  }
}
