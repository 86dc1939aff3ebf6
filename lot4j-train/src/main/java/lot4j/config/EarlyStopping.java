package lot4j.config;

import lot4j.Require;

/**
 * Ends a run that no longer gets better.
 *
 * @param patience evaluations without a new best before the end, 1 or more
 */
public record EarlyStopping(int patience) {
  /** Checks the value. */
  public EarlyStopping {
    Require.atLeast("patience", patience, 1);
  }
}
