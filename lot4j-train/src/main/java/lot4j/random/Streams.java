package lot4j.random;

/**
 * Named, independent random streams from one seed. A stream's numbers depend on the seed and its
 * name alone, so that a further student, another α or another N leaves every other stream as it
 * was.
 *
 * <p>Names in use: {@code init.teacher}, {@code init.student0}, …; {@code order.task}, {@code
 * order.student}; {@code augment.task}, {@code augment.student}; {@code dropout.teacher.learner},
 * {@code dropout.teacher.reference}, {@code dropout.student0.learner}, …; {@code continuation},
 * where a text is drawn; {@code environment.0}, …, and {@code action}. What processes that train
 * together draw each for itself is called {@code ….rank1}, {@code ….rank2}, … in those after the
 * first.
 *
 * @param seed the run's seed
 */
public record Streams(long seed) {
  /** The stream called {@code name}, at its beginning. */
  public RandomStream named(String name) {
    return RandomStream.of(seed, name);
  }

  /** A seed for the engine's generator, a function of the seed and the name. */
  public long engineSeed(String name) {
    return RandomStream.digest(seed, name)[0];
  }
}
