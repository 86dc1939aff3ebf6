package lot4j.sweep.slurm;

/** A command of Slurm that is not there, or refuses; one line. */
public final class SlurmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SlurmException(String message) {
    super(message);
  }

  SlurmException(String message, Throwable cause) {
    super(message, cause);
  }
}
