package lot4j.stats;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Percentile bootstrap with the tasks as strata: in every resample each task keeps its number of
 * runs, drawn with replacement from its own.
 *
 * <p>With one task it is the ordinary percentile bootstrap of that statistic. The random numbers
 * (xoshiro256++) come from the seed given here, so the same scores always give the same interval.
 *
 * <p>Source: Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical
 * Precipice", NeurIPS 2021, section 4.1. Intervals of few runs are too short; the paper advises 10.
 *
 * @param resamples how many resamples are drawn, 10,000 or more
 * @param seed of the random numbers; it has nothing to do with the runs' seeds
 * @param level coverage the interval aims at, above 0 and below 1
 */
public record StratifiedBootstrap(int resamples, long seed, double level) {
  /** Checks the values, as {@link Bootstrap} does. */
  public StratifiedBootstrap {
    new Bootstrap(resamples, seed, level);
  }

  /** 10,000 resamples, 95 %: what every report uses. */
  public static StratifiedBootstrap standard() {
    Bootstrap standard = Bootstrap.standard();
    return new StratifiedBootstrap(standard.resamples(), standard.seed(), standard.level());
  }

  /** The interval of the interquartile mean; empty if a task has fewer than two runs. */
  public Optional<Interval> iqm(Scores scores) {
    if (tooFew(scores)) {
      return Optional.empty();
    }
    double[] pooled = scores.pooled().values();
    int[][] ranks = ranks(scores, pooled);
    int dropped = pooled.length / 4;
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    int[] drawn = new int[pooled.length];
    double[] means = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      Arrays.fill(drawn, 0);
      for (int[] task : ranks) {
        for (int j = 0; j < task.length; j++) {
          drawn[task[random.nextInt(task.length)]]++;
        }
      }
      means[i] = trimmedMean(pooled, drawn, dropped);
    }
    return Optional.of(Quantile.central(means, level));
  }

  /**
   * The interval of the {@linkplain ProbabilityOfImprovement probability of improvement}, averaged
   * over tasks. The runs of a and of b are drawn independently of each other.
   *
   * @return empty if a task has fewer than two runs on a side
   * @throws IllegalArgumentException if the sides have different numbers of tasks
   */
  public Optional<Interval> probabilityOfImprovement(Scores a, Scores b, boolean higherIsBetter) {
    ProbabilityOfImprovement.requireSameTasks(a, b);
    if (tooFew(a) || tooFew(b)) {
      return Optional.empty();
    }
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    double[] means = new double[resamples];
    for (int t = 0; t < a.tasks().size(); t++) {
      int[][] twiceWins =
          ProbabilityOfImprovement.twiceWins(a.tasks().get(t), b.tasks().get(t), higherIsBetter);
      double weight = 1.0 / (2.0 * twiceWins.length * twiceWins[0].length * a.tasks().size());
      for (int i = 0; i < resamples; i++) {
        means[i] += weight * resampled(twiceWins, random);
      }
    }
    return Optional.of(Quantile.central(means, level));
  }

  private static boolean tooFew(Scores scores) {
    return scores.tasks().stream().anyMatch(task -> task.size() < 2);
  }

  /** For each task the places of its runs in {@code pooled}; equal scores may share one. */
  private static int[][] ranks(Scores scores, double[] pooled) {
    List<Sample> tasks = scores.tasks();
    int[][] ranks = new int[tasks.size()][];
    for (int t = 0; t < ranks.length; t++) {
      ranks[t] =
          Arrays.stream(tasks.get(t).values())
              .mapToInt(score -> Arrays.binarySearch(pooled, score))
              .toArray();
    }
    return ranks;
  }

  /** Mean without the {@code dropped} smallest and largest, of sorted values drawn so often. */
  private static double trimmedMean(double[] sorted, int[] drawn, int dropped) {
    int kept = sorted.length - 2 * dropped;
    int skip = dropped;
    int left = kept;
    double origin = 0;
    double sum = 0;
    for (int i = 0; left > 0; i++) {
      int here = drawn[i];
      int skipped = Math.min(skip, here);
      skip -= skipped;
      int taken = Math.min(here - skipped, left);
      if (taken > 0) {
        // An offset from the first: the mean of equal values is that value exactly.
        origin = left == kept ? sorted[i] : origin;
        sum += taken * (sorted[i] - origin);
        left -= taken;
      }
    }
    return origin + sum / kept;
  }

  private static long resampled(int[][] twiceWins, UniformRandomProvider random) {
    int m = twiceWins.length;
    int n = twiceWins[0].length;
    int[] others = new int[n];
    for (int j = 0; j < n; j++) {
      others[j] = random.nextInt(n);
    }
    long sum = 0;
    for (int i = 0; i < m; i++) {
      int[] row = twiceWins[random.nextInt(m)];
      for (int other : others) {
        sum += row[other];
      }
    }
    return sum;
  }
}
