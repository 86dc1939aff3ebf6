package lot4j.config;

/** Where the targets of the first student step come from. */
public enum StudentTargets {
  /** The teacher answers again. */
  FRESH,
  /** The logits of the teacher's own step. */
  REUSE
}
