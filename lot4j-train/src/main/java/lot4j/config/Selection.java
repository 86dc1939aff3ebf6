package lot4j.config;

/** Which weights a run ends with. */
public enum Selection {
  /** Those that were best on the validation split. */
  BEST,
  /** The last ones. */
  LAST
}
