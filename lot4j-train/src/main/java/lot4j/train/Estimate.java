package lot4j.train;

import java.util.function.Function;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;
import org.bytedeco.javacpp.PointerScope;

/**
 * How long a plan takes and what it needs, from a few timed steps of each run.
 *
 * @param seconds for all runs and seeds, evaluations not counted
 * @param peakBytes the largest resident memory of this process during the timed steps
 */
public record Estimate(double seconds, long peakBytes) {
  private static final int WARM = 2;
  private static final int MOST = 20;
  private static final double ENOUGH_SECONDS = 2;

  /**
   * Times each planned run's steps.
   *
   * @param seeds number of seeds
   * @param threads of each run
   * @param atOnce runs at a time
   */
  public static Estimate of(
      Plan plan,
      int seeds,
      int threads,
      int atOnce,
      Function<RunConfig, Prepared<?>> data,
      Catalog catalog) {
    Threads.use(threads);
    PeakMemory.reset();
    double seconds = 0;
    for (Plan.Planned run : plan.runs()) {
      double step = step(run.config(), data.apply(run.config()), catalog);
      seconds += step * run.bill().teacher().steps();
    }
    return new Estimate(seconds * seeds / atOnce, PeakMemory.bytes());
  }

  private static <B> double step(RunConfig config, Prepared<B> prepared, Catalog catalog) {
    try (PointerScope scope = new PointerScope();
        Course<B> course = new Assembly<>(config, prepared, catalog).course()) {
      for (long step = 0; step < WARM; step++) {
        update(course, step);
      }
      long started = System.nanoTime();
      int made = 0;
      while (made < MOST && (System.nanoTime() - started) / 1e9 < ENOUGH_SECONDS) {
        update(course, WARM + made);
        made++;
      }
      return (System.nanoTime() - started) / 1e9 / made;
    }
  }

  private static <B> void update(Course<B> course, long step) {
    course.seats().forEach(seat -> seat.descender().at(step));
    try (PointerScope scope = new PointerScope()) {
      course.method().update(step);
    }
  }
}
