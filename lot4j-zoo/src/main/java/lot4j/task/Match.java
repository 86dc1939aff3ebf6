package lot4j.task;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a generated answer is the right one. */
public enum Match {
  /** By the number where every right answer has one, else by the text. */
  AUTO,
  /**
   * The number behind the first {@code ####} must be that of the right answer: 1,800, $1800, 1800.
   * and 1800.00 are one number. An answer without such a number is wrong.
   *
   * <p>Source: the format of K. Cobbe et al., "Training verifiers to solve math word problems",
   * 2021.
   */
  NUMBER,
  /** The whole answer must be the right one, white space at the ends and its kind aside. */
  TEXT;

  private static final Pattern BEHIND_MARK =
      Pattern.compile("####\\s*(-?)\\s*\\$?\\s*(-?)((?:[0-9][0-9,]{0,400})?(?:\\.[0-9]{1,400})?)");
  private static final Pattern INCOMPLETE = Pattern.compile("\uFFFD+$");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** The number behind the first {@code ####}; empty if there is none. */
  static Optional<BigDecimal> number(String text) {
    Matcher found = BEHIND_MARK.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    String digits = found.group(3).replace(",", "");
    if (digits.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal size = new BigDecimal(digits);
    boolean negative = !found.group(1).isEmpty() || !found.group(2).isEmpty();
    return Optional.of(negative ? size.negate() : size);
  }

  /** Whether an answer is as right as the reference. */
  boolean same(String reference, String answer) {
    if (this == TEXT || this == AUTO && number(reference).isEmpty()) {
      return plain(reference).equals(plain(answer));
    }
    Optional<BigDecimal> right = number(reference);
    Optional<BigDecimal> given = number(answer);
    return right.isPresent() && given.isPresent() && right.get().compareTo(given.get()) == 0;
  }

  /**
   * Whether an answer can be as right as the reference, as far as its beginning tells.
   *
   * @param begun how it begins; a character of several bytes may be incomplete at its end
   * @return false if it cannot, however it goes on; empty if that is not known
   */
  Optional<Boolean> foretold(String reference, String begun) {
    if (this == NUMBER || this == AUTO && number(reference).isPresent()) {
      return Optional.empty();
    }
    String whole = INCOMPLETE.matcher(begun).replaceAll("");
    return plain(reference).startsWith(plain(whole)) ? Optional.empty() : Optional.of(false);
  }

  private static String plain(String text) {
    return SPACE.matcher(text.strip()).replaceAll(" ");
  }
}
