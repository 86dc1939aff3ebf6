package lot4j.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lot4j.Network;
import lot4j.random.RandomStream;
import lot4j.task.TextPrediction.Continued;
import lot4j.train.DataException;

/**
 * Answers of a network that has learned to answer requests.
 *
 * @param format how texts become tokens
 */
public record InstructionPrediction(InstructionFormat format) {

  /**
   * Answers a request, until the answer has its end or is as long as may be.
   *
   * @param network in eval mode
   * @param prompt the request, without the template
   * @throws DataException if it is too long, or has something that the vocabulary lacks
   */
  public Continued answer(Network network, String prompt, Continuation how) {
    int length = format.spec().length();
    int[] request = format.request(prompt);
    if (request.length == 0 || request.length >= length) {
      throw new DataException(
          "prompt: has "
              + request.length
              + " tokens with its template; 1 to "
              + (length - 1)
              + " leave room for an answer");
    }
    int most = Math.min(how.tokens(), length - request.length);
    int size = format.vocabulary().size();
    RandomStream random = how.random();
    List<Integer> tokens = new ArrayList<>();
    List<Double> logProbabilities = new ArrayList<>();
    try (Reader reader = new Reader(network, length)) {
      reader.read(request);
      while (tokens.size() < most) {
        double[] expected = Arrays.copyOf(reader.expected(), size);
        int token = how.draw(expected, random);
        tokens.add(token);
        logProbabilities.add(expected[token]);
        if (token == format.end()) {
          break;
        }
        if (tokens.size() < most) {
          reader.read(token);
        }
      }
    }
    String text = format.text(tokens.stream().mapToInt(Integer::intValue).toArray());
    return new Continued(text, tokens, logProbabilities);
  }
}
