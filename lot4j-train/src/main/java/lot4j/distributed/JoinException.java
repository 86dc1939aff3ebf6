package lot4j.distributed;

/** The processes of a run did not find each other; the message is one clear line. */
public final class JoinException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A one-line message in the house form. */
  public JoinException(String message) {
    super(message);
  }

  /** The same, with what caused it. */
  public JoinException(String message, Throwable cause) {
    super(message, cause);
  }
}
