package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Whatever happened, advantages are the sum that defines them. */
class GaeProperties {
  @Property(tries = 400)
  void isTheDiscountedSumOfErrorsUpToTheEpisodesEnd(
      @ForAll @IntRange(min = 1, max = 12) int time,
      @ForAll @IntRange(min = 1, max = 4) int envs,
      @ForAll @DoubleRange(min = 0, max = 1) double gamma,
      @ForAll @DoubleRange(min = 0, max = 1) double lambda,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = time * envs;
    double[] rewards = random.doubles(n, -3, 3).toArray();
    double[] values = random.doubles(n + envs, -5, 5).toArray();
    double[] finals = random.doubles(n, -5, 5).toArray();
    boolean[] terminated = new boolean[n];
    boolean[] truncated = new boolean[n];
    for (int i = 0; i < n; i++) {
      terminated[i] = random.nextInt(4) == 0;
      truncated[i] = random.nextInt(4) == 0;
    }
    double[] actual =
        new Gae(gamma, lambda).advantages(envs, rewards, values, terminated, truncated, finals);
    for (int env = 0; env < envs; env++) {
      for (int from = 0; from < time; from++) {
        double sum = 0;
        double weight = 1;
        for (int t = from; t < time; t++) {
          int i = t * envs + env;
          double next = terminated[i] ? 0 : truncated[i] ? finals[i] : values[(t + 1) * envs + env];
          sum += weight * (rewards[i] + gamma * next - values[i]);
          weight *= gamma * lambda;
          if (terminated[i] || truncated[i]) {
            break;
          }
        }
        assertThat(actual[from * envs + env]).isEqualTo(sum, within(1e-9));
      }
    }
  }
}
