package lot4j.stats;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Which choices are worth their price: those that no other one beats in both cost and gain.
 *
 * <p>A choice is off the front if another costs no more and gains no less, and is better in one of
 * the two. Equal choices stand or fall together.
 */
public final class ParetoFront {
  private static final int RESAMPLES = 10_000;
  private static final long SEED = 20_240_202L;

  private ParetoFront() {}

  /**
   * Who is on the front.
   *
   * @param cost less is better, one per choice
   * @param gain more is better, one per choice
   * @throws IllegalArgumentException if the lengths differ
   */
  public static boolean[] of(double[] cost, double[] gain) {
    if (cost.length != gain.length) {
      throw new IllegalArgumentException(cost.length + " costs for " + gain.length + " gains");
    }
    boolean[] front = new boolean[cost.length];
    for (int i = 0; i < cost.length; i++) {
      front[i] = true;
      for (int j = 0; j < cost.length && front[i]; j++) {
        boolean noWorse = cost[j] <= cost[i] && gain[j] >= gain[i];
        front[i] = !(noWorse && (cost[j] < cost[i] || gain[j] > gain[i]));
      }
    }
    return front;
  }

  /**
   * How often each choice is on the front if the seeds are drawn again: its share among bootstrap
   * resamples, the same seeds for all choices. Costs stay as they are.
   *
   * @param cost one per choice
   * @param gains {@code [choice][seed]}, as many seeds for each, one or more
   */
  public static double[] shares(double[] cost, double[][] gains) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(SEED);
    int seeds = gains.length == 0 ? 0 : gains[0].length;
    if (seeds == 0 || Arrays.stream(gains).anyMatch(row -> row.length != seeds)) {
      throw new IllegalArgumentException("every choice needs the same seeds, one or more");
    }
    int[] times = new int[cost.length];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      double[] sums = new double[cost.length];
      for (int draw = 0; draw < seeds; draw++) {
        int seed = random.nextInt(seeds);
        for (int choice = 0; choice < cost.length; choice++) {
          sums[choice] += gains[choice][seed];
        }
      }
      boolean[] front = of(cost, sums);
      for (int choice = 0; choice < cost.length; choice++) {
        times[choice] += front[choice] ? 1 : 0;
      }
    }
    return Arrays.stream(times).mapToDouble(count -> count / (double) RESAMPLES).toArray();
  }
}
