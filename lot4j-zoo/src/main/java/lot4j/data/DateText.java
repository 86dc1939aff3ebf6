package lot4j.data;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Dates and times as tables write them. */
final class DateText {
  private static final Pattern TIME = Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?");
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.](\\d{4}|\\d{2})"
              + "|\\d{1,2}[- ]\\p{Alpha}{3,9}[- ]\\d{2,4})"
              + "([ T]\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?( ?(Z|[+-]\\d{2}:?\\d{2}))?)?");

  private DateText() {}

  /** Whether a cell looks like a date, a time of day, or both. */
  static boolean looksLike(String cell) {
    return cell.length() <= 40 && (DATE.matcher(cell).matches() || TIME.matcher(cell).matches());
  }

  /**
   * Seconds since 1970 of a date or date and time in ISO 8601, {@code 2024-05-01} or {@code
   * 2024-05-01 13:30}; without an offset they are taken for UTC. Empty if it is none.
   */
  static OptionalDouble seconds(String cell) {
    String text = cell.replace(' ', 'T');
    try {
      if (text.length() <= 10) {
        return OptionalDouble.of(
            LocalDate.parse(text).toEpochSecond(LocalTime.MIN, ZoneOffset.UTC));
      }
      boolean offset = text.endsWith("Z") || text.substring(11).matches(".*[+-]\\d{2}:?\\d{2}");
      OffsetDateTime time =
          offset ? OffsetDateTime.parse(text) : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
      return OptionalDouble.of(time.toEpochSecond() + time.getNano() / 1e9);
    } catch (DateTimeException e) {
      return OptionalDouble.empty();
    }
  }
}
