package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import lot4j.task.AnswerScore;

/**
 * An answer scored.
 *
 * @param input its file and line
 * @param score what the network says of it
 * @param pieces the text of each of its tokens
 */
record ScoredAnswer(String input, AnswerScore score, List<String> pieces) implements Prediction {
  @Override
  public ObjectNode json() {
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("input", input);
    number(document, "log_probability", score.logProbability());
    number(document, "perplexity", score.perplexity());
    document.put("targets", score.tokens().size());
    score
        .exactMatch()
        .ifPresentOrElse(
            known -> document.put("exact_match", known),
            () -> {
              document.putNull("exact_match");
              document.put("exact_match_reason", "only generating would tell");
            });
    score.logProbabilities().forEach(document.withArray("log_probabilities")::add);
    pieces.forEach(document.withArray("tokens")::add);
    score.tokens().forEach(document.withArray("ids")::add);
    return document;
  }

  private static void number(ObjectNode document, String key, double value) {
    if (Double.isFinite(value)) {
      document.put(key, value);
    } else {
      document.putNull(key);
      document.put(key + "_reason", "infinite");
    }
  }

  @Override
  public String shown(boolean among) {
    return String.format(
        Locale.ROOT,
        "%s: log-probability %.4f, perplexity %.4f, %d targets%s",
        input,
        score.logProbability(),
        score.perplexity(),
        score.tokens().size(),
        score.exactMatch().map(known -> known ? ", exact match" : ", no exact match").orElse(""));
  }
}
