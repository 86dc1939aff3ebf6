package lot4j.method;

import java.math.BigInteger;

/**
 * Adds up what the updates of a run compute, where it comes again after a number of updates: those
 * are walked through once and counted as often as they come, so that a plan of 10¹² updates takes
 * no longer than one of a few epochs.
 *
 * @param period after so many updates the same follows
 * @param alike where that holds
 */
record Recurring(long period, Alike alike) {
  /** Says whether updates differ only by their place in the period. */
  @FunctionalInterface
  interface Alike {
    /**
     * Whether those from {@code from} on and before {@code to} do; if so, those before anything
     * less than {@code to} do, too.
     */
    boolean same(long from, long to);
  }

  /** What one update computes. */
  @FunctionalInterface
  interface Each {
    void add(Bill.Tally tally, long step);
  }

  /** Of the first {@code updates} updates. */
  Bill.Tally sum(long updates, Each each) {
    Bill.Tally sum = new Bill.Tally();
    long step = 0;
    while (step < updates) {
      long end = step + Math.min(period, updates - step);
      long times = times(step, updates);
      Bill.Tally once = new Bill.Tally();
      for (long within = step; within < end; within++) {
        each.add(once, within);
      }
      sum.add(once, Math.max(1, times));
      step = times > 1 ? step + times * period : end;
    }
    return sum;
  }

  /** How many whole periods from a step on are the same. */
  private long times(long from, long updates) {
    long least = 0;
    long most = (updates - from) / period;
    while (least < most) {
      long middle = most - (most - least) / 2;
      if (alike.same(from, from + middle * period)) {
        least = middle;
      } else {
        most = middle - 1;
      }
    }
    return least;
  }

  /** The largest number that divides both; one of them may be 0. */
  static long divisor(long a, long b) {
    return b == 0 ? a : divisor(b, a % b);
  }

  /** The smallest number that both divide, or the largest there is. */
  static long together(long a, long b) {
    BigInteger both = BigInteger.valueOf(a / divisor(a, b)).multiply(BigInteger.valueOf(b));
    return both.bitLength() < Long.SIZE ? both.longValueExact() : Long.MAX_VALUE;
  }
}
