package lot4j.train;

import java.util.function.Function;
import lot4j.config.Catalog;
import lot4j.config.RunConfig;

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

  private static double step(RunConfig config, Prepared<?> prepared, Catalog catalog) {
    try (UpdateLoop loop = UpdateLoop.of(config, prepared, catalog)) {
      for (int i = 0; i < WARM; i++) {
        loop.update();
      }
      long started = System.nanoTime();
      int made = 0;
      while (made < MOST && (System.nanoTime() - started) / 1e9 < ENOUGH_SECONDS) {
        loop.update();
        made++;
      }
      return (System.nanoTime() - started) / 1e9 / made;
    }
  }
}
