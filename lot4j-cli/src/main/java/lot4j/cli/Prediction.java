package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lot4j.task.TextPrediction.Continued;
import lot4j.task.TextPrediction.Judged;

/** The answer for one input, for people and for scripts. */
sealed interface Prediction
    permits Prediction.Text,
        Prediction.Score,
        Prediction.Classified,
        Prediction.Failed,
        NumberPrediction,
        Answered,
        ScoredAnswer {
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
   * An image or a row classified.
   *
   * @param input its file, or file and line
   * @param classes names in the order of the outputs
   * @param multi whether several may hold, or none
   * @param said those that are said to hold; just one unless {@code multi}
   * @param probabilities in the order of the classes
   */
  record Classified(
      String input,
      List<String> classes,
      boolean multi,
      List<String> said,
      List<Double> probabilities)
      implements Prediction {
    @Override
    public ObjectNode json() {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("input", input);
      if (multi) {
        ArrayNode labels = document.putArray("labels");
        said.forEach(labels::add);
      } else {
        document.put("class", said.get(0));
      }
      ObjectNode shares = document.putObject("probabilities");
      IntStream.range(0, classes.size())
          .forEach(i -> shares.put(classes.get(i), probabilities.get(i)));
      return document;
    }

    @Override
    public String shown(boolean among) {
      String all = said.stream().map(this::percent).collect(Collectors.joining(", "));
      return input + ": " + (all.isEmpty() ? "none of the labels" : all);
    }

    private String percent(String label) {
      return String.format(
          Locale.ROOT, "%s (%.1f %%)", label, 100 * probabilities.get(classes.indexOf(label)));
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
