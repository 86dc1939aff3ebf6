package lot4j.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Executable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Nodes to Java values by type. An empty result means that the problem has been reported; the
 * caller goes on with a default, so that everything wrong is found at once.
 */
final class Binder {
  /** {@code name = value is not allowed; what}. */
  static final Pattern REFUSAL =
      Pattern.compile("(?<name>[^=]*?) = (?<value>.*) is not allowed; (?<what>.*)", Pattern.DOTALL);

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Catalog catalog;
  private final Problems problems;

  Binder(Catalog catalog, Problems problems) {
    this.catalog = catalog;
    this.problems = problems;
  }

  Catalog catalog() {
    return catalog;
  }

  Problems problems() {
    return problems;
  }

  /**
   * A value.
   *
   * @param type of the record's component
   * @param path full key for messages
   * @param fallback the default value, whose own components stand in for those not given
   * @param absent the word for an empty Optional
   */
  Optional<Object> value(Type type, YamlNode node, String path, Object fallback, String absent) {
    if (type instanceof ParameterizedType generic) {
      Type inner = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return optional(inner, node, path, fallback, absent);
      }
      if (generic.getRawType() == List.class) {
        return list(inner, node, path, fallback);
      }
      return json(type, node, path);
    }
    Class<?> raw = (Class<?>) type;
    if (ScalarBinder.takes(raw)) {
      Optional<Object> value = ScalarBinder.value(raw, node);
      if (value.isEmpty()) {
        problems.refuse(node, path, ScalarBinder.allowed(raw, node));
      }
      return value;
    }
    Optional<Category> category = category(raw);
    if (category.isPresent()) {
      return new ChoiceBinder(this)
          .choose(category.get(), node, path, Set.of(), Optional.empty())
          .map(ChoiceBinder.Choice::spec);
    }
    if (raw == Path.class) {
      return path(node, path);
    }
    if (raw.isRecord() && !hasCreator(raw)) {
      return nested(raw, node, path, fallback);
    }
    return json(type, node, path);
  }

  /** The category whose names a type is chosen by. */
  static Optional<Category> category(Class<?> raw) {
    return Arrays.stream(Category.values())
        .filter(category -> raw.isInterface() && category.type().isAssignableFrom(raw))
        .findFirst();
  }

  /** Whether a type says by {@code @JsonCreator} how it is read. */
  static boolean hasCreator(Class<?> raw) {
    return creators(raw).findAny().isPresent();
  }

  /** Whether a type says by {@code @JsonValue} how it is written. */
  static boolean writesItself(Class<?> type) {
    return JSON.getSerializationConfig()
            .introspect(JSON.constructType(type))
            .findJsonValueAccessor()
        != null;
  }

  private static Stream<Executable> creators(Class<?> raw) {
    return Stream.<Executable>concat(
            Arrays.stream(raw.getDeclaredMethods()), Arrays.stream(raw.getDeclaredConstructors()))
        .filter(method -> method.isAnnotationPresent(JsonCreator.class));
  }

  private Optional<Object> optional(
      Type inner, YamlNode node, String path, Object fallback, String absent) {
    if (node instanceof YamlNode.Scalar scalar && scalar.is(absent)) {
      return Optional.of(Optional.empty());
    }
    Object inside = fallback instanceof Optional<?> o && o.isPresent() ? o.get() : Optional.empty();
    if (inner instanceof Class<?> raw && ScalarBinder.takes(raw)) {
      Optional<Object> value = ScalarBinder.value(raw, node);
      if (value.isEmpty()) {
        problems.refuse(node, path, absent + ", or " + ScalarBinder.allowed(raw, node));
        return Optional.empty();
      }
      return Optional.of(value);
    }
    if (inner instanceof Class<?> raw && raw.isRecord() && node instanceof YamlNode.Scalar) {
      problems.refuse(node, path, absent + ", or {" + String.join(", ", Keys.of(raw)) + "}");
      return Optional.empty();
    }
    return value(inner, node, path, inside, absent).map(Optional::of);
  }

  private Optional<Object> list(Type inner, YamlNode node, String path, Object fallback) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      String what = inner instanceof Class<?> raw ? ScalarBinder.plural(raw) : "values";
      problems.refuse(node, path, "a list of " + what);
      return Optional.empty();
    }
    List<Object> items = new ArrayList<>();
    boolean whole = true;
    for (int i = 0; i < sequence.items().size(); i++) {
      Optional<Object> item =
          value(inner, sequence.items().get(i), path + "[" + i + "]", fallback, "none");
      whole &= item.isPresent();
      item.ifPresent(items::add);
    }
    return whole ? Optional.of(List.copyOf(items)) : Optional.empty();
  }

  private Optional<Object> path(YamlNode node, String path) {
    try {
      Optional<Object> value =
          ScalarBinder.value(String.class, node).map(text -> Path.of((String) text));
      if (value.isEmpty()) {
        problems.refuse(node, path, "a path");
      }
      return value;
    } catch (InvalidPathException e) {
      problems.refuse(node, path, "a path");
      return Optional.empty();
    }
  }

  private Optional<Object> nested(Class<?> raw, YamlNode node, String path, Object fallback) {
    Optional<YamlNode.Mapping> mapping = mapping(node, path);
    if (mapping.isEmpty()) {
      return Optional.empty();
    }
    RecordBinder record = new RecordBinder(this, path, Set.of(), Set.of(), Set.of());
    return raw.isInstance(fallback)
        ? record.bind(mapping.get(), fallback)
        : record.bindWhole(mapping.get(), raw).map(Object.class::cast);
  }

  /** A section; nothing at all is an empty one. */
  Optional<YamlNode.Mapping> mapping(YamlNode node, String path) {
    if (node instanceof YamlNode.Mapping mapping) {
      return Optional.of(mapping);
    }
    if (node instanceof YamlNode.Scalar scalar && scalar.isNothing()) {
      return Optional.of(YamlNode.Mapping.empty(node.where()));
    }
    problems.refuse(node, path, "keys with values");
    return Optional.empty();
  }

  private Optional<Object> json(Type type, YamlNode node, String path) {
    try {
      Object plain = YamlNode.plain(node);
      return Optional.of(JSON.convertValue(plain, JSON.constructType(type)));
    } catch (IllegalArgumentException e) {
      refuse(node, path, refusal(e), words(type));
      return Optional.empty();
    }
  }

  /** Reports a refusal at the key of the node that it names, else at the node. */
  private void refuse(YamlNode node, String path, Optional<Matcher> refusal, String words) {
    String name = refusal.map(form -> RecordBinder.last(form.group("name"))).orElse("");
    String what = refusal.map(form -> form.group("what")).orElse(words);
    if (node instanceof YamlNode.Mapping map && map.has(name)) {
      problems.refuse(map.at(name).orElseThrow(), RecordBinder.join(path, name), what);
    } else {
      problems.refuse(node, path, what);
    }
  }

  private static String words(Type type) {
    return type instanceof Class<?> raw
        ? creators(raw)
            .flatMap(creator -> Arrays.stream(creator.getParameterTypes()))
            .findFirst()
            .map(ScalarBinder::words)
            .orElse("another form")
        : "another form";
  }

  /** The innermost complaint in the house form. */
  private static Optional<Matcher> refusal(Throwable thrown) {
    Optional<Matcher> found = Optional.empty();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      Matcher form = REFUSAL.matcher(String.valueOf(t.getMessage()));
      if (t instanceof IllegalArgumentException && t != thrown && form.matches()) {
        found = Optional.of(form);
      }
    }
    return found;
  }
}
