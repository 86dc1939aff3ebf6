package lot4j.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records to plain values: maps, lists, texts, numbers, as a configuration writes them. */
final class Plain {
  private final Catalog catalog;

  Plain(Catalog catalog) {
    this.catalog = catalog;
  }

  /** A record's keys and values; specifications inside it need no name here. */
  static Map<String, Object> of(Object record) {
    return new Plain(new Catalog()).keys(record);
  }

  /** A record's keys and values. */
  Map<String, Object> keys(Object record) {
    Map<String, Object> keys = new LinkedHashMap<>();
    if (record instanceof Record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        Object value = RecordBinder.component(component, record);
        WhenAbsent word = component.getAnnotation(WhenAbsent.class);
        keys.put(
            Keys.kebab(component.getName()), value(value, word == null ? "none" : word.value()));
      }
    }
    return keys;
  }

  /** A specification as {@code {kind: name, keys}}. */
  Map<String, Object> spec(Category category, Object spec) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", catalog.entryOf(category, spec).name());
    map.putAll(keys(spec));
    return map;
  }

  private Object value(Object value, String absent) {
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? value(optional.get(), absent) : absent;
    }
    if (value instanceof Enum<?> constant) {
      return Keys.word(constant);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(item -> value(item, absent)).toList();
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Path path) {
      return path.toString();
    }
    if (value instanceof AlphaSchedule.Constant constant) {
      return number(constant.value());
    }
    Optional<Category> category = category(value);
    if (category.isPresent()) {
      return spec(category.get(), value);
    }
    if (value instanceof Record && !Binder.writesItself(value.getClass())) {
      return keys(value);
    }
    return ordered(Binder.JSON.convertValue(value, Object.class));
  }

  /** Keys in an order of their own: a type's maps may come in any. */
  private static Object ordered(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Plain::ordered).toList();
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<String, Object> sorted = new LinkedHashMap<>();
    map.keySet().stream()
        .map(String.class::cast)
        .sorted(Comparator.comparing((String key) -> !key.equals("kind")).thenComparing(key -> key))
        .forEach(key -> sorted.put(key, ordered(map.get(key))));
    return sorted;
  }

  /** A whole number where that reads as the same double. */
  static Object number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
    return whole && Double.compare(value, -0.0) != 0 ? (Object) (long) value : value;
  }

  private Optional<Category> category(Object value) {
    return Arrays.stream(Category.values())
        .filter(c -> c.type() != Record.class && c.type().isInstance(value))
        .filter(
            c ->
                catalog.entries(c).stream()
                    .anyMatch(entry -> entry.defaults().getClass() == value.getClass()))
        .findFirst();
  }
}
