package lot4j.config;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Single values to Java's own types and enums, without any coercion but whole number to number. */
final class ScalarBinder {
  private static final Map<Class<?>, String> WORDS =
      Map.of(
          boolean.class, "true or false",
          int.class, "a whole number",
          long.class, "a whole number",
          double.class, "a number",
          String.class, "a text");
  private static final Map<Class<?>, Class<?>> PRIMITIVES =
      Map.of(
          Boolean.class,
          boolean.class,
          Integer.class,
          int.class,
          Long.class,
          long.class,
          Double.class,
          double.class);

  private ScalarBinder() {}

  /** Whether this class binds the type. */
  static boolean takes(Class<?> type) {
    return WORDS.containsKey(unboxed(type)) || type.isEnum();
  }

  /** What a value of the type is called. */
  static String words(Class<?> type) {
    return type.isEnum()
        ? Keys.choice(constants(type))
        : WORDS.getOrDefault(unboxed(type), "another form");
  }

  /** The same in the plural: whole numbers. */
  static String plural(Class<?> type) {
    Class<?> plain = unboxed(type);
    if (plain == int.class || plain == long.class) {
      return "whole numbers";
    }
    if (plain == double.class) {
      return "numbers";
    }
    return plain == String.class ? "texts" : "values";
  }

  /** The value; empty if the node holds none of the type. */
  static Optional<Object> value(Class<?> type, YamlNode node) {
    if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNothing()) {
      return Optional.empty();
    }
    Object value = scalar.value().orElseThrow();
    Class<?> plain = unboxed(type);
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> Keys.word((Enum<?>) constant).equals(value))
          .findFirst()
          .map(Object.class::cast);
    }
    if (plain == int.class) {
      return value instanceof Long n && n == n.intValue()
          ? Optional.of(n.intValue())
          : Optional.empty();
    }
    if (plain == double.class) {
      return value instanceof Number n ? Optional.of(n.doubleValue()) : Optional.empty();
    }
    if (plain == long.class) {
      return value instanceof Long ? Optional.of(value) : Optional.empty();
    }
    return (plain == boolean.class ? value instanceof Boolean : value instanceof String)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** What is allowed instead of a node, with a suggestion for a misspelt word. */
  static String allowed(Class<?> type, YamlNode node) {
    String hint =
        type.isEnum() && node instanceof YamlNode.Scalar scalar
            ? NearestName.hint(scalar.text(), constants(type))
            : "";
    boolean large =
        (unboxed(type) == int.class || unboxed(type) == long.class)
            && node instanceof YamlNode.Scalar scalar
            && scalar.value().filter(v -> isWhole(v)).isPresent();
    return (large ? "a smaller whole number" : words(type)) + hint;
  }

  private static boolean isWhole(Object value) {
    return value instanceof Long || value instanceof BigInteger;
  }

  static Class<?> unboxed(Class<?> type) {
    return PRIMITIVES.getOrDefault(type, type);
  }

  private static List<String> constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(c -> Keys.word((Enum<?>) c)).toList();
  }
}
