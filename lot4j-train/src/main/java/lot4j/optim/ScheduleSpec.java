package lot4j.optim;

/** A learning-rate schedule's description; a record whose components are configuration keys. */
public interface ScheduleSpec {
  /**
   * The schedule of a run.
   *
   * @param updates teacher steps of the whole run
   * @param updatesPerUnit teacher steps in one unit of the budget (an epoch, or 1); lengths such as
   *     {@code warmup} are given in that unit, and a stretched run stretches them with it
   */
  LearningRate over(long updates, double updatesPerUnit);
}
