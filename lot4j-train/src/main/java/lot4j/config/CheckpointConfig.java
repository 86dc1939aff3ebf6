package lot4j.config;

import lot4j.Require;

/**
 * The section {@code checkpoint}.
 *
 * @param every how often, in the budget's unit
 * @param keep how many of the latest stay, 2 or more; the best one stays besides
 */
public record CheckpointConfig(double every, int keep) {
  /** Checks the values. */
  public CheckpointConfig {
    Require.positive("every", every);
    Require.atLeast("keep", keep, 2);
  }
}
