package lot4j.rl;

/** How a policy acts when it is evaluated. */
public enum ActBy {
  /** Draws from its distribution, as it does while it learns. */
  SAMPLE,
  /** Takes the most likely choice, or the mean. */
  MODE
}
