package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lot4j.task.ImagePrediction;
import lot4j.task.TextPrediction.Continued;
import lot4j.task.TextPrediction.Judged;

/** The answer for one input, for people and for scripts. */
sealed interface Prediction {
  /** The document of the contract. */
  ObjectNode json();

  /**
   * The same in words.
   *
   * @param among whether it stands among others, so that its input must be named
   */
  String shown(boolean among);

  /**
   * A prompt continued.
   *
   * @param input the prompt
   * @param pieces the text of each drawn token
   */
  record Text(String input, Continued continued, List<String> pieces) implements Prediction {
    @Override
    public ObjectNode json() {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("input", input);
      document.put("continuation", continued.text());
      continued.logProbabilities().forEach(document.withArray("log_probabilities")::add);
      pieces.forEach(document.withArray("tokens")::add);
      continued.tokens().forEach(document.withArray("ids")::add);
      return document;
    }

    @Override
    public String shown(boolean among) {
      return (among ? input : "") + continued.text();
    }
  }

  /**
   * A text judged.
   *
   * @param input the text or its file
   * @param pieces the text of each judged token
   */
  record Score(String input, Judged judged, List<String> pieces) implements Prediction {
    @Override
    public ObjectNode json() {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("input", input);
      document.put("continuation", "");
      judged.logProbabilities().forEach(document.withArray("log_probabilities")::add);
      pieces.forEach(document.withArray("tokens")::add);
      judged.tokens().forEach(document.withArray("ids")::add);
      double perplexity = judged.perplexity();
      if (Double.isFinite(perplexity)) {
        document.put("perplexity", perplexity);
      } else {
        document.putNull("perplexity");
        document.put("perplexity_reason", "infinite");
      }
      return document;
    }

    @Override
    public String shown(boolean among) {
      return String.format(
          Locale.ROOT,
          "%s: perplexity %.4f, loss %.4f, %d targets",
          input,
          judged.perplexity(),
          Math.log(judged.perplexity()),
          judged.tokens().size());
    }
  }

  /**
   * An image classified.
   *
   * @param input its file
   * @param how names in the order of the outputs, and whether several may hold
   * @param probabilities in the same order
   */
  record Image(String input, ImagePrediction how, List<Double> probabilities)
      implements Prediction {
    @Override
    public ObjectNode json() {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("input", input);
      List<String> said = how.said(probabilities);
      if (how.multi()) {
        ArrayNode labels = document.putArray("labels");
        said.forEach(labels::add);
      } else {
        document.put("class", said.get(0));
      }
      ObjectNode shares = document.putObject("probabilities");
      IntStream.range(0, how.classes().size())
          .forEach(i -> shares.put(how.classes().get(i), probabilities.get(i)));
      return document;
    }

    @Override
    public String shown(boolean among) {
      String said =
          how.said(probabilities).stream().map(this::percent).collect(Collectors.joining(", "));
      return input + ": " + (said.isEmpty() ? "none of the labels" : said);
    }

    private String percent(String label) {
      double probability = probabilities.get(how.classes().indexOf(label));
      return String.format(Locale.ROOT, "%s (%.1f %%)", label, 100 * probability);
    }
  }

  /**
   * An input that could not be answered, where the others are.
   *
   * @param input as it was named
   * @param error what is wrong, one line
   */
  record Failed(String input, String error) implements Prediction {
    @Override
    public ObjectNode json() {
      return new ObjectMapper().createObjectNode().put("input", input).put("error", error);
    }

    @Override
    public String shown(boolean among) {
      return error;
    }
  }
}
