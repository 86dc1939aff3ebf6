package lot4j.config;

import lot4j.method.MethodSpec;

/**
 * What the configuration has to know of a method.
 *
 * @param students whether it needs students
 * @param lot whether it goes by the keys of {@code lot}
 * @param match what its number of updates is matched to
 * @param rollouts whether it can learn from data that the teacher makes itself, as in reinforcement
 *     learning
 * @param recipe how it is made from a configuration
 */
public record MethodTraits(
    boolean students, boolean lot, Match match, boolean rollouts, Recipe recipe) {
  /** Of a method for all kinds of tasks. */
  public MethodTraits(boolean students, boolean lot, Match match, Recipe recipe) {
    this(students, lot, match, true, recipe);
  }

  /** What a method spends. */
  public enum Match {
    /** The configuration's budget. */
    NONE,
    /** The compute of another method, {@code match}. */
    COMPUTE,
    /** The number of updates, students' included, of another method. */
    STEPS
  }

  /** Makes a method from a run's configuration. */
  @FunctionalInterface
  public interface Recipe {
    /** The method that {@code config} describes, its measures looked up in {@code catalog}. */
    MethodSpec spec(RunConfig config, Catalog catalog);
  }
}
