package lot4j.task;

import java.util.Arrays;
import lot4j.Require;
import lot4j.random.RandomStream;
import lot4j.random.Streams;

/**
 * How a text is continued: one token after the other, drawn from what the network expects.
 *
 * <p>The temperature divides the log-probabilities; then the {@code topK} most probable tokens
 * stay; then, of these, the fewest whose probabilities sum to {@code topP} (A. Holtzman et al.,
 * "The curious case of neural text degeneration", 2020). Among equally probable tokens the lower id
 * comes first. All of it is in float64 with a stream of the seed's own, so equal log-probabilities
 * give equal texts.
 *
 * @param tokens how many to draw, 0 or more
 * @param temperature 0 takes the most probable token always; 1 draws as the network expects
 * @param topK tokens that are drawn from; 0 means all
 * @param topP share of the probability that is drawn from, (0, 1]
 * @param seed of the draws
 */
public record Continuation(int tokens, double temperature, int topK, double topP, long seed) {
  /** Checks the settings. */
  public Continuation {
    Require.atLeast("tokens", tokens, 0);
    Require.atLeast("temperature", temperature, 0.0);
    Require.atLeast("top-k", topK, 0);
    Require.that(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1");
  }

  /** 100 tokens as the network expects them, seed 0. */
  public static Continuation defaults() {
    return new Continuation(100, 1, 0, 1, 0);
  }

  /** The random numbers of one text. */
  RandomStream random() {
    return new Streams(seed).named("continuation");
  }

  /**
   * Draws the next token. Takes one random number, or none at temperature 0.
   *
   * @param logProbabilities [vocab], of the network, temperature 1
   */
  int draw(double[] logProbabilities, RandomStream random) {
    double highest = Arrays.stream(logProbabilities).max().orElseThrow();
    if (temperature == 0) {
      return first(logProbabilities, highest);
    }
    double[] weights = new double[logProbabilities.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp((logProbabilities[i] - highest) / temperature);
    }
    keep(weights);
    double left = random.uniform() * Arrays.stream(weights).sum();
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }

  private static int first(double[] values, double value) {
    int i = 0;
    while (values[i] != value) {
      i++;
    }
    return i;
  }

  /** Sets the weights of all tokens to 0 that are not drawn from. */
  private void keep(double[] weights) {
    int most = topK == 0 ? weights.length : Math.min(topK, weights.length);
    if (most == weights.length && topP == 1) {
      return;
    }
    double[] sorted = weights.clone();
    Arrays.sort(sorted);
    int end = sorted.length - 1;
    double share = 0;
    for (int i = 0; i < most; i++) {
      share += sorted[end - i];
    }
    int kept = 1;
    for (double sum = sorted[end]; kept < most && sum < topP * share; kept++) {
      sum += sorted[end - kept];
    }
    double least = sorted[end - kept + 1];
    long ties = kept - Arrays.stream(sorted).filter(weight -> weight > least).count();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] < least || weights[i] == least && ties-- <= 0) {
        weights[i] = 0;
      }
    }
  }
}
