package lot4j.report;

import java.util.Locale;
import java.util.Set;

/**
 * The number by which methods are compared.
 *
 * @param name as in {@code result.json}, with or without the learner: {@code accuracy} or {@code
 *     teacher/accuracy}
 * @param split the split it is measured on, usually {@code test}
 * @param higherIsBetter false for losses and perplexities
 */
public record Metric(String name, String split, boolean higherIsBetter) {
  private static final Set<String> FRACTIONS =
      Set.of(
          "accuracy",
          "agreement",
          "ece",
          "f1",
          "micro_f1",
          "exact_match",
          "mean_average_precision");

  /** The name without the learner. */
  public String quantity() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Split and quantity in words: {@code test accuracy}. */
  public String words() {
    return split + " " + quantity().replace('_', ' ');
  }

  /** Whether values are fractions of 1 that people read as percent. */
  public boolean isFraction() {
    return isFraction(quantity());
  }

  /** Whether it is the return of an environment. */
  public boolean isReturn() {
    return quantity().endsWith("return");
  }

  /** A value for people: {@code 91.23 %} or {@code 71.72}. */
  public String value(double value) {
    return isFraction() ? fixed(100 * value, 2) + " %" : Format.significant(value, 4);
  }

  /** A value without its unit, as many decimals as {@link #value}. */
  public String bare(double value) {
    return isFraction() ? fixed(100 * value, 2) : Format.significant(value, 4);
  }

  /** A difference with its sign, without unit: {@code +1.23}. */
  public String difference(double difference) {
    boolean large = Math.abs(difference) >= 1 && Math.abs(difference) < 1e6;
    String text =
        isFraction()
            ? bare(difference)
            : large ? fixed(difference, 2) : Format.significant(difference, 3);
    return difference > 0 && !text.startsWith("+") ? "+" + text : text;
  }

  /** The unit of a difference, with a space before it, or nothing. */
  public String differenceUnit() {
    return isFraction() ? " percentage points" : "";
  }

  static boolean isFraction(String quantity) {
    return FRACTIONS.contains(quantity) || quantity.endsWith("_accuracy");
  }

  private static String fixed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.matches("-0\\.0*") ? text.substring(1) : text;
  }
}
