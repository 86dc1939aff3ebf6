package lot4j.rl;

/** An environment did what none may do, said in one line that names it. */
public final class EnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With its message. */
  public EnvironmentException(String message) {
    super(message);
  }

  /** With its cause. */
  public EnvironmentException(String message, Throwable cause) {
    super(message, cause);
  }
}
