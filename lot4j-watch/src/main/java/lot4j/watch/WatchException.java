package lot4j.watch;

/** The page cannot be served; the message is one line that says why. */
public final class WatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WatchException(String message) {
    super(message);
  }

  WatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
