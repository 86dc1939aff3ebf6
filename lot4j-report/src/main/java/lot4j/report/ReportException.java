package lot4j.report;

import java.nio.file.Path;

/** A directory cannot be reported on; the message is one line that names the file. */
public final class ReportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem with {@code where}: {@code where: what}. */
  public ReportException(Path where, String what) {
    super(oneLine(where + ": " + what));
  }

  /** A problem with {@code where} found while reading it. */
  public ReportException(Path where, String what, Throwable cause) {
    super(oneLine(where + ": " + what), cause);
  }

  /** Control characters are shown escaped: what stands in a file must not steer a terminal. */
  private static String oneLine(String text) {
    return Escape.control(text);
  }
}
