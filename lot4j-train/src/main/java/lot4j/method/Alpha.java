package lot4j.method;

import lot4j.Require;
import lot4j.Schedule;

/**
 * α as it is in force: its schedule's, but 0 before a start.
 *
 * @param schedule the schedule
 * @param start α is 0 before this teacher step
 * @param epochs whether it is 0 during the first epoch, too
 */
record Alpha(Schedule schedule, long start, Epochs epochs) {

  /** α at a teacher step. */
  double at(long step) {
    return step < start || epochs.delays(step)
        ? 0
        : Require.atLeast("lot.alpha", schedule.at(step), 0.0);
  }

  /**
   * Whether α is 0 at all steps from {@code from} on and before {@code to}, or at none of them;
   * false also where only looking at each of them would tell.
   */
  boolean alike(long from, long to) {
    long begin = Math.max(start, epochs.startAfterFirst() ? epochs.steps() : 0);
    return to <= begin || from >= begin && schedule.monotone() && at(from) > 0 == at(to - 1) > 0;
  }
}
