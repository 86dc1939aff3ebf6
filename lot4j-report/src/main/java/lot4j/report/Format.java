package lot4j.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** Numbers for people; files keep them unrounded. */
final class Format {
  /** Stands where there is no number. */
  static final String NONE = "-";

  private static final String[] PREFIXES = {"", " k", " M", " G", " T", " P", " E"};

  private Format() {}

  /** {@code digits} significant digits without an exponent where that is short: {@code 0.01234}. */
  static String significant(double value, int digits) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
    double size = Math.abs(rounded.doubleValue());
    if (size >= 1e7 || size < 1e-4) {
      return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
    }
    int decimals = Math.max(0, digits - rounded.precision() + rounded.scale());
    return rounded.setScale(decimals).toPlainString();
  }

  /** A large number with a decimal prefix: {@code 3.41 T}. */
  static String prefixed(double value) {
    int power = 0;
    double rest = value;
    while (Math.abs(rest) >= 999.5 && power < PREFIXES.length - 1) {
      rest /= 1000;
      power++;
    }
    return significant(rest, 3) + PREFIXES[power];
  }

  /** A large round number with a decimal prefix and no more digits than it needs: {@code 1.5 M}. */
  static String tick(double value) {
    return prefixed(value).replaceFirst("(\\.\\d*?)0+(?= |$)", "$1").replaceFirst("\\.(?= |$)", "");
  }

  /** Bytes in binary units: {@code 512 MiB}. */
  static String bytes(double bytes) {
    return bytes >= 1 << 30
        ? significant(bytes / (1 << 30), 3) + " GiB"
        : significant(bytes / (1 << 20), 3) + " MiB";
  }

  /** Seconds: {@code 4.2 s}, {@code 3 min 05 s}, {@code 2 h 07 min}. */
  static String duration(double seconds) {
    if (seconds < 99.5) {
      return significant(seconds, 3) + " s";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /** Seconds as a plain number: {@code 4.20}, {@code 12,345}. */
  static String seconds(double seconds) {
    return seconds < 99.95 ? significant(seconds, 3) : count(seconds);
  }

  /** A count, rounded to a whole number, with thousands separated. */
  static String count(double count) {
    return String.format(Locale.ROOT, "%,d", Math.round(count));
  }

  /** {@code 1 seed}, {@code 2 seeds}. */
  static String plural(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** The text of a number, or a dash where there is none. */
  static String orDash(OptionalDouble value, DoubleFunction<String> format) {
    return value.isPresent() ? format.apply(value.getAsDouble()) : NONE;
  }
}
