package lot4j.train;

/** Data that is missing, unreadable or unfit, found before training; the message names the file. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A one-line message in the house form. */
  public DataException(String message) {
    super(message);
  }

  /** The same, with what caused it. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
