package lot4j;

/**
 * How a network answers when it is only asked, not trained by the answer. In both modes its running
 * statistics stay as they are.
 */
public enum ReferenceMode {
  /** Batch statistics and active dropout, as while it learns. */
  TRAIN,
  /** Running statistics, no dropout, as after deployment. */
  EVAL
}
