package lot4j.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Bootstrap with the tasks as strata, percentile and BCa: in every resample each task keeps its
 * number of runs, drawn with replacement from its own.
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

  /** The percentile interval of any statistic; empty if a task has fewer than two runs. */
  public Optional<Interval> percentile(Scores scores, Statistic statistic) {
    return replicates(scores, statistic).map(drawn -> Quantile.central(drawn, level));
  }

  /**
   * The {@linkplain Bca bias-corrected and accelerated} interval of any statistic, from the same
   * draws as {@link #percentile}; empty if a task has fewer than two runs.
   */
  public Optional<Interval> bca(Scores scores, Statistic statistic) {
    return replicates(scores, statistic)
        .map(
            drawn ->
                Bca.interval(drawn, statistic.of(scores), withoutOne(scores, statistic), level));
  }

  private Optional<double[]> replicates(Scores scores, Statistic statistic) {
    return replicates(
            scores,
            new double[1],
            (tasks, unused) ->
                statistic.of(new Scores(Arrays.stream(tasks).map(Sample::of).toList())))
        .map(drawn -> drawn[0]);
  }

  /**
   * A function of resampled runs at each place of a grid, all places of the same resamples.
   *
   * @param statistic of {@code [task][run]} at a place
   * @return {@code [place][resample]}; empty if a task has fewer than two runs
   */
  Optional<double[][]> replicates(
      Scores scores, double[] grid, BiFunction<double[][], Double, Double> statistic) {
    if (tooFew(scores)) {
      return Optional.empty();
    }
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    double[][] runs = scores.tasks().stream().map(Sample::values).toArray(double[][]::new);
    double[][] drawn = Arrays.stream(runs).map(double[]::clone).toArray(double[][]::new);
    double[][] replicates = new double[grid.length][resamples];
    for (int i = 0; i < resamples; i++) {
      for (int t = 0; t < runs.length; t++) {
        for (int j = 0; j < runs[t].length; j++) {
          drawn[t][j] = runs[t][random.nextInt(runs[t].length)];
        }
      }
      for (int g = 0; g < grid.length; g++) {
        replicates[g][i] = statistic.apply(drawn, grid[g]);
      }
    }
    return Optional.of(replicates);
  }

  /** {@code [task][run]}: the statistic without that run. */
  private static double[][] withoutOne(Scores scores, Statistic statistic) {
    List<Sample> tasks = scores.tasks();
    double[][] without = new double[tasks.size()][];
    for (int t = 0; t < without.length; t++) {
      double[] runs = tasks.get(t).values();
      without[t] = new double[runs.length];
      for (int left = 0; left < runs.length; left++) {
        int gone = left;
        List<Sample> kept = new ArrayList<>(tasks);
        kept.set(
            t,
            Sample.of(
                IntStream.range(0, runs.length)
                    .filter(j -> j != gone)
                    .mapToDouble(j -> runs[j])
                    .toArray()));
        without[t][left] = statistic.of(new Scores(kept));
      }
    }
    return without;
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
