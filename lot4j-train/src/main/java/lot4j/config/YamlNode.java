package lot4j.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a configuration with the place where it was written; immutable. */
sealed interface YamlNode {
  /** {@code FILE:LINE:COLUMN}, or the text of the override that set it. */
  String where();

  /**
   * A single value.
   *
   * @param value a String, Long, BigInteger, Double or Boolean; empty for nothing or null
   * @param text as written, without quotes
   */
  record Scalar(String where, Optional<Object> value, String text) implements YamlNode {
    boolean isNothing() {
      return value.isEmpty();
    }

    boolean is(String word) {
      return value.filter(word::equals).isPresent();
    }
  }

  /** A list. */
  record Sequence(String where, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    Sequence with(int index, YamlNode item) {
      List<YamlNode> changed = new ArrayList<>(items);
      changed.set(index, item);
      return new Sequence(where, changed);
    }
  }

  /** Keys and values in the order of the file. */
  record Mapping(String where, Map<String, Entry> entries) implements YamlNode {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    static Mapping empty(String where) {
      return new Mapping(where, Map.of());
    }

    Optional<YamlNode> at(String key) {
      return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    boolean has(String key) {
      return entries.containsKey(key);
    }

    Mapping with(String key, String keyWhere, YamlNode value) {
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      changed.put(key, new Entry(keyWhere, value));
      return new Mapping(where, changed);
    }

    Mapping without(String... keys) {
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      for (String key : keys) {
        changed.remove(key);
      }
      return new Mapping(where, changed);
    }
  }

  /**
   * One pair of a mapping.
   *
   * @param where place of the key
   */
  record Entry(String where, YamlNode value) {}

  /** A text that no file holds, such as a default, at the place that it stands in for. */
  static Scalar text(String where, String text) {
    return new Scalar(where, Optional.of(text), text);
  }

  /** A whole number that no file holds. */
  static Scalar number(String where, long number) {
    return new Scalar(where, Optional.of(number), Long.toString(number));
  }

  /** Plain Java values: String, Integer, Long, …, Boolean, List, Map; nothing is "". */
  static Object plain(YamlNode node) {
    if (node instanceof Scalar scalar) {
      Object value = scalar.value().orElse("");
      // What JSON libraries make of a small number, and what creators that take anything expect.
      return value instanceof Long number && number == number.intValue()
          ? (Object) number.intValue()
          : value;
    }
    if (node instanceof Sequence sequence) {
      return sequence.items().stream().map(YamlNode::plain).toList();
    }
    Map<String, Object> map = new LinkedHashMap<>();
    ((Mapping) node).entries().forEach((key, entry) -> map.put(key, plain(entry.value())));
    return map;
  }
}
