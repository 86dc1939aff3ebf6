package lot4j.data;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/** Numbers and missing values as tables write them. */
public final class NumberText {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,4})?");
  private static final Set<String> NO_NUMBER =
      Set.of("na", "n/a", "nan", "null", "none", "?", "-", "#n/a");
  private static final double LARGEST_WHOLE = 1e15;

  private NumberText() {}

  /**
   * The number that a cell holds; empty if it holds none that is finite.
   *
   * @param decimalComma whether a comma may stand for the point
   */
  public static OptionalDouble number(String cell, boolean decimalComma) {
    String text = decimalComma && cell.indexOf('.') < 0 ? cell.replaceFirst(",", ".") : cell;
    if (text.isEmpty() || !NUMBER.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** Whether a cell of a column of numbers is one of the usual words for a missing value. */
  public static boolean isMissing(String cell) {
    return cell.isEmpty() || NO_NUMBER.contains(cell.toLowerCase(java.util.Locale.ROOT));
  }

  /** The whole number that a cell holds, {@code 3} for {@code 3.0}; empty if it holds none. */
  public static Optional<Long> whole(String cell, boolean decimalComma) {
    OptionalDouble number = number(cell, decimalComma);
    if (number.isEmpty()
        || number.getAsDouble() != Math.rint(number.getAsDouble())
        || Math.abs(number.getAsDouble()) > LARGEST_WHOLE) {
      return Optional.empty();
    }
    return Optional.of((long) number.getAsDouble());
  }
}
