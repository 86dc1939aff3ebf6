package lot4j.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Several values of one key in one text of a command line, as YAML: {@code 0.3,1} are two numbers,
 * {@code [a, b],[c]} two lists. A text that is one list on the outside stands for what is in it:
 * {@code [0.3, 1]} are two numbers too, {@code [[a, b]]} is one list.
 */
public final class ValueList {
  private ValueList() {}

  /**
   * The values, each as YAML on one line that {@link #plain} and an override read as the same
   * value: equal values give equal texts.
   *
   * @param where the whole text of the command line, the place of what is wrong
   * @throws ConfigError if it is not YAML, or there is no value in it
   */
  public static List<String> of(String where, String text) {
    YamlNode all = YamlTree.value(where, "[" + text + "]");
    List<YamlNode> items = ((YamlNode.Sequence) all).items();
    if (items.size() == 1 && items.get(0) instanceof YamlNode.Sequence inner) {
      items = inner.items();
    }
    List<String> values = new ArrayList<>();
    for (YamlNode item : items) {
      if (item instanceof YamlNode.Scalar scalar && scalar.isNothing()) {
        throw new ConfigError(where, Shown.of(item) + " is not allowed; a value");
      }
      values.add(YamlText.flow(YamlNode.plain(item)));
    }
    if (values.isEmpty()) {
      throw new ConfigError(where, "no value is given; key=value,value");
    }
    return List.copyOf(values);
  }

  /**
   * A value as plain Java: String, Integer, Long, Double, Boolean, List or Map.
   *
   * @throws ConfigError if it is not YAML
   */
  public static Object plain(String value) {
    return YamlNode.plain(YamlTree.value(value, value));
  }

  /** A number as {@link #of} writes it: the shortest text that reads as the same. */
  public static String number(double value) {
    return YamlText.number(value);
  }
}
