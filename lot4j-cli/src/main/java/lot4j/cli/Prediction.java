package lot4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import lot4j.Network;
import lot4j.task.ImagePrediction;
import lot4j.task.TextPrediction.Continued;
import lot4j.task.TextPrediction.Judged;

/** The answer for one input, for people and for scripts. */
sealed interface Prediction
    permits Prediction.Text, Prediction.Score, Prediction.Image, NumberPrediction {
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
   * @param classes names in the order of the outputs
   * @param probabilities in the same order
   */
  record Image(String input, List<String> classes, List<Double> probabilities)
      implements Prediction {
    /** Classifies image files with a run's network. */
    static List<Prediction> of(Path run, Network network, List<String> inputs) {
      ImagePrediction prediction = ImagePrediction.read(run.resolve(ImagePrediction.FILE));
      List<Path> files = inputs.stream().map(Path::of).toList();
      List<List<Double>> all = prediction.probabilities(network, files);
      List<Prediction> images = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        images.add(new Image(inputs.get(i), prediction.classes(), all.get(i)));
      }
      return images;
    }

    private int best() {
      return probabilities.indexOf(Collections.max(probabilities));
    }

    @Override
    public ObjectNode json() {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("input", input);
      document.put("class", classes.get(best()));
      ObjectNode shares = document.putObject("probabilities");
      IntStream.range(0, classes.size())
          .forEach(i -> shares.put(classes.get(i), probabilities.get(i)));
      return document;
    }

    @Override
    public String shown(boolean among) {
      return String.format(
          Locale.ROOT,
          "%s: %s (%.1f %%)",
          input,
          classes.get(best()),
          100 * probabilities.get(best()));
    }
  }
}
