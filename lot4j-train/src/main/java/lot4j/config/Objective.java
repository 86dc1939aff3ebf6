package lot4j.config;

/** Which published form of LoT fills the keys of {@code lot}. */
public enum Objective {
  /** As the paper prints it. */
  PAPER,
  /** As the authors' programs do it. */
  RELEASED
}
