package lot4j.checkpoint;

/** A checkpoint that cannot be read, or that does not fit; the message names the file. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A one-line message in the house form. */
  public CheckpointException(String message) {
    super(message);
  }

  /** The same, with what caused it. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
