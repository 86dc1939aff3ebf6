package lot4j.config;

/**
 * What the configuration has to know of a method.
 *
 * @param students whether it needs students
 * @param lot whether it goes by the keys of {@code lot}
 * @param match what its number of updates is matched to
 */
public record MethodTraits(boolean students, boolean lot, Match match) {
  /** What a method spends. */
  public enum Match {
    /** The configuration's budget. */
    NONE,
    /** The compute of another method, {@code match}. */
    COMPUTE,
    /** The number of updates, students' included, of another method. */
    STEPS
  }
}
