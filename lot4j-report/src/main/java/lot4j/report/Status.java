package lot4j.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a run stands, as {@code run.json} says. */
public enum Status {
  /** A process works on it, or was killed while doing so. */
  RUNNING,
  /** Stopped after writing a checkpoint; can be resumed. */
  INTERRUPTED,
  /** Finished; there is a result. */
  DONE,
  /** Stopped by an error. */
  FAILED,
  /** A loss became infinite or not a number. */
  DIVERGED;

  /** The word in {@code run.json}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Status> of(String word) {
    return Arrays.stream(values()).filter(status -> status.word().equals(word)).findFirst();
  }
}
