package lot4j.method;

/** Where the first student step's targets come from. */
public enum StudentTargets {
  /** The teacher answers the students' batch. */
  FRESH,
  /** The teacher's answers to its own task batch, which the first student step then uses. */
  REUSE
}
