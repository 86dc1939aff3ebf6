package lot4j.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lot4j.config.ConfigError;
import lot4j.config.ValueList;
import lot4j.random.RandomStream;

/**
 * One key of a sweep and what it may be: listed values, or a range to draw from.
 *
 * @param key dotted path, as {@code --set} takes it
 * @param text what was written after the key
 * @param values the listed values, YAML each; empty for a range of real numbers
 * @param range where the values come from instead
 */
public record Axis(String key, String text, List<String> values, Optional<Range> range) {
  private static final int MOST_LISTED = 10_000;
  private static final String NUMBER = "\\s*([+-]?[0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\\s*";
  private static final Pattern RANGE =
      Pattern.compile("(log|lin|int)\\(" + NUMBER + "\\.\\." + NUMBER + "\\)");
  private static final String FORM = "key=value,value, or key=log(a..b), lin(a..b), int(a..b)";

  /** Keeps a copy of the list. */
  public Axis {
    values = List.copyOf(values);
  }

  /**
   * Real numbers between two ends.
   *
   * @param low the lower end
   * @param high the upper end, above {@code low}
   * @param logarithmic whether the logarithm is drawn evenly
   */
  public record Range(double low, double high, boolean logarithmic) {
    /** Four significant digits are kept: enough for a setting, and readable. */
    private static final MathContext DIGITS = new MathContext(4);

    /** A number drawn evenly, rounded, within the ends. */
    double draw(RandomStream random) {
      double u = random.uniform();
      double value =
          logarithmic
              ? Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low)))
              : low + u * (high - low);
      double rounded = new BigDecimal(value).round(DIGITS).doubleValue();
      return Math.min(high, Math.max(low, rounded));
    }
  }

  /**
   * Reads {@code key=values}: YAML values with commas between them, {@code log(a..b)} or {@code
   * lin(a..b)} for real numbers, {@code int(a..b)} for all whole numbers from a to b.
   *
   * @throws ConfigError if it is not of this form, or a value is given twice
   */
  public static Axis parse(String grid) {
    String where = "--grid " + grid;
    int equals = grid.indexOf('=');
    if (equals < 1 || grid.substring(0, equals).isBlank()) {
      throw new ConfigError(where, "no key and values; " + FORM);
    }
    String key = grid.substring(0, equals).strip();
    String text = grid.substring(equals + 1).strip();
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      if (text.matches("(log|lin|int)\\(.*")) {
        throw new ConfigError(where, text + " is not allowed; log(a..b), lin(a..b) or int(a..b)");
      }
      return new Axis(key, text, distinct(where, ValueList.of(where, text)), Optional.empty());
    }
    double low = Double.parseDouble(range.group(2));
    double high = Double.parseDouble(range.group(3));
    boolean logarithmic = range.group(1).equals("log");
    if (!(low < high) || logarithmic && low <= 0 || !Double.isFinite(high - low)) {
      String allowed = logarithmic ? "0 < a < b" : "a < b";
      throw new ConfigError(where, text + " is not allowed; " + allowed);
    }
    return range.group(1).equals("int")
        ? new Axis(key, text, whole(where, text, low, high), Optional.empty())
        : new Axis(key, text, List.of(), Optional.of(new Range(low, high, logarithmic)));
  }

  private static List<String> whole(String where, String text, double low, double high) {
    if (low != Math.rint(low) || high != Math.rint(high) || high - low >= MOST_LISTED) {
      throw new ConfigError(
          where, text + " is not allowed; whole numbers, " + MOST_LISTED + " at most");
    }
    List<String> values = new ArrayList<>();
    for (long value = (long) low; value <= (long) high; value++) {
      values.add(Long.toString(value));
    }
    return values;
  }

  private static List<String> distinct(String where, List<String> values) {
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      if (!seen.add(value)) {
        throw new ConfigError(where, "value " + value + " is given twice");
      }
    }
    return values;
  }

  String draw(RandomStream random) {
    return range
        .map(real -> ValueList.number(real.draw(random)))
        .orElseGet(() -> values.get(random.below(values.size())));
  }
}
