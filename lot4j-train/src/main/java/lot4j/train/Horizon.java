package lot4j.train;

/**
 * A run's length and rhythm: when it ends, and when evaluations and checkpoints fall.
 *
 * <p>With a budget of steps a position is the steps made over the steps a unit has; with a budget
 * of minutes it is the minutes spent.
 *
 * @param units the budget, in its unit
 * @param updates teacher steps of the whole run; for timed runs the resolution of its schedules
 * @param timed whether the unit is a minute
 * @param evaluateEvery units between evaluations
 * @param checkpointEvery units between checkpoints
 */
public record Horizon(
    double units, long updates, boolean timed, double evaluateEvery, double checkpointEvery) {

  /** A run of so many teacher steps. */
  static Horizon ofSteps(double units, long updates, double evaluateEvery, double checkpoint) {
    return new Horizon(units, updates, false, evaluateEvery, checkpoint);
  }

  /** A run of so many minutes; schedules move ten thousand times a minute. */
  static Horizon ofMinutes(double minutes, double evaluateEvery, double checkpoint) {
    return new Horizon(
        minutes, Math.max(1, Math.round(minutes * 10_000)), true, evaluateEvery, checkpoint);
  }

  /** Steps a unit, as schedules count them. */
  public double updatesPerUnit() {
    return updates / units;
  }

  /** How far a run is, in units. */
  public double position(long step, double seconds) {
    return timed ? seconds / 60 : step / updatesPerUnit();
  }

  /** The step that schedules go by. */
  public long scheduleStep(long step, double seconds) {
    return timed
        ? Math.min(updates - 1, (long) (position(step, seconds) * updatesPerUnit()))
        : step;
  }

  /** Whether the run is over. */
  public boolean over(long step, double seconds) {
    return timed ? seconds / 60 >= units : step >= updates;
  }

  /** How many multiples of {@code every} units have been reached. */
  public long reached(double every, long step, double seconds) {
    if (timed) {
      return (long) Math.floor(position(step, seconds) / every);
    }
    // The k-th falls on the whole step nearest to k·every units.
    long k = (long) Math.floor((step + 1) / (every * updatesPerUnit()));
    while (fallsOn(k + 1, every) <= step) {
      k++;
    }
    while (k > 0 && fallsOn(k, every) > step) {
      k--;
    }
    return k;
  }

  private long fallsOn(long k, double every) {
    return Math.max(1, Math.round(k * every * updatesPerUnit()));
  }
}
