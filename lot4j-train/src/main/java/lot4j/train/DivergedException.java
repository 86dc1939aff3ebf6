package lot4j.train;

/** Training met a value that is not a number or infinite; no weight was changed by it. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A one-line message in the house form. */
  public DivergedException(String message) {
    super(message);
  }
}
