package lot4j.train;

/**
 * A run's length and rhythm: when it ends, and when evaluations and checkpoints fall.
 *
 * <p>With a budget of steps a position is the steps made over {@code updatesPerUnit}; with a budget
 * of minutes it is the minutes spent.
 *
 * @param units the budget, in its unit
 * @param updatesPerUnit teacher steps a unit; stretched runs have more
 * @param timed whether the unit is a minute
 * @param evaluateEvery units between evaluations
 * @param checkpointEvery units between checkpoints
 */
public record Horizon(
    double units,
    double updatesPerUnit,
    boolean timed,
    double evaluateEvery,
    double checkpointEvery) {
  /** Resolution of schedules in timed runs: parts a minute. */
  private static final double PARTS = 10_000;

  /** Teacher steps of the whole run; for timed runs the resolution of its schedules. */
  public long updates() {
    return Math.max(1, Math.round(units * (timed ? PARTS : updatesPerUnit)));
  }

  /** Teacher steps a unit, as schedules count them. */
  public double scheduleUnit() {
    return timed ? PARTS : updatesPerUnit;
  }

  /** How far a run is, in units. */
  public double position(long step, double seconds) {
    return timed ? seconds / 60 : step / updatesPerUnit;
  }

  /** The step that schedules go by. */
  public long scheduleStep(long step, double seconds) {
    return timed ? Math.min(updates() - 1, (long) (seconds / 60 * PARTS)) : step;
  }

  /** Whether the run is over. */
  public boolean over(long step, double seconds) {
    return timed ? seconds / 60 >= units : step >= updates();
  }

  /** How many multiples of {@code every} units have been reached. */
  public long reached(double every, long step, double seconds) {
    double position = position(step, seconds);
    if (timed) {
      return (long) Math.floor(position / every);
    }
    // The k-th falls on the whole step nearest to k·every units.
    long k = (long) Math.floor((step + 0.5) / (every * updatesPerUnit));
    while (Math.round((k + 1) * every * updatesPerUnit) <= step) {
      k++;
    }
    while (k > 0 && Math.round(k * every * updatesPerUnit) > step) {
      k--;
    }
    return k;
  }
}
