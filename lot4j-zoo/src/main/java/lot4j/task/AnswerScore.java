package lot4j.task;

import java.util.List;
import java.util.Optional;

/**
 * What a network says of an answer that is there: how probable each of its tokens is, given the
 * request and those before it.
 *
 * @param tokens of the answer, the end that closes it included
 * @param logProbabilities of each of them, in nats
 * @param exactMatch whether the answer that the network itself would give, greedily, is right;
 *     empty where only generating it would tell
 */
public record AnswerScore(
    List<Integer> tokens, List<Double> logProbabilities, Optional<Boolean> exactMatch) {
  /** Keeps copies. */
  public AnswerScore {
    tokens = List.copyOf(tokens);
    logProbabilities = List.copyOf(logProbabilities);
  }

  /** Of the whole answer, in nats. */
  public double logProbability() {
    return logProbabilities.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** exp of the mean of −log p over the tokens. */
  public double perplexity() {
    return Math.exp(-logProbability() / tokens.size());
  }
}
