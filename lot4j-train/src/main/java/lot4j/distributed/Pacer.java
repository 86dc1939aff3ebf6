package lot4j.distributed;

/**
 * Keeps this rank's {@link Headway} while it works; another thread asks for it and tells the
 * others. Times are those of {@link System#nanoTime}.
 */
final class Pacer {
  private long meetings;
  private boolean waits;
  private int excuses;
  private boolean begun;
  private long longest;
  private long left;
  private long came;
  private long summing;
  private String place = "the start";

  /** Names what this rank does from now on. */
  synchronized void at(String what) {
    place = what;
  }

  /** This rank comes to a meeting. */
  synchronized void come(long now) {
    if (begun && excuses == 0) {
      longest = Math.max(longest, now - left);
    }
    meetings++;
    came = now;
    waits = true;
  }

  /**
   * The meeting is over.
   *
   * @param sum whether it was a sum
   */
  synchronized void leave(long now, boolean sum) {
    waits = false;
    begun |= sum;
    summing += sum ? now - came : 0;
    left = now;
  }

  /** Spent in sums so far. */
  synchronized long summingNanos() {
    return summing;
  }

  /** From now on this rank does what only one rank does. */
  synchronized void excuse() {
    excuses++;
  }

  /** It is with the others again. */
  synchronized void back(long now) {
    excuses--;
    left = now;
  }

  synchronized Headway headway() {
    return new Headway(meetings, waits, excuses > 0, begun, longest, place);
  }
}
