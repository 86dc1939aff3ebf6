package lot4j.train;

import java.util.Locale;

/** Where a run stands. */
public enum RunStatus {
  /** A process is at it, or was killed. */
  RUNNING,
  /** Stopped on request, after writing a checkpoint. */
  INTERRUPTED,
  /** Finished, with a result. */
  DONE,
  /** Ended by an error. */
  FAILED,
  /** Ended by a value that is not a number or infinite. */
  DIVERGED;

  /** The name in {@code run.json}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
