package lot4j.checkpoint;

/** A run directory that another process, or another run of this one, is writing. */
public final class DirectoryInUse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A one-line message in the house form. */
  public DirectoryInUse(String message) {
    super(message);
  }
}
