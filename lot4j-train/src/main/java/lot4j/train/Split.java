package lot4j.train;

import java.util.Locale;

/** The parts of a data set. The test split is scored once, after everything has been chosen. */
public enum Split {
  /** What the teacher trains on. */
  TRAIN,
  /** What the checkpoint is chosen on. */
  VALID,
  /** What the result is reported on. */
  TEST;

  /** The name in files and on the command line. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
