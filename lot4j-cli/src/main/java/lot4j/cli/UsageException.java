package lot4j.cli;

/** A command line that cannot be carried out; nothing was started, nothing written. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
