package lot4j.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param where {@code FILE:LINE:COLUMN}, or an override's own text; control characters escaped
 * @param text what is wrong and what is allowed, one line
 */
public record Problem(String where, String text) {
  /** Escapes control characters, so that a problem is always one line. */
  public Problem {
    where = Shown.text(where);
    text = Shown.text(text);
  }

  /** The line as it is shown: {@code where: text}. */
  @Override
  public String toString() {
    return where + ": " + text;
  }
}
