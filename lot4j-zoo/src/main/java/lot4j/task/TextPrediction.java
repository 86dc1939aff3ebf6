package lot4j.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lot4j.Network;
import lot4j.Require;
import lot4j.data.Tokens;
import lot4j.data.Vocabulary;
import lot4j.random.RandomStream;
import lot4j.train.DataException;
import org.bytedeco.javacpp.PointerScope;

/**
 * What has to be known to let a network continue or judge a text as in training.
 *
 * @param vocabulary of the training text
 * @param window tokens of a piece in training
 */
public record TextPrediction(Vocabulary vocabulary, int window) {
  private static final String LINE_END = "\n";

  /** Checks the window. */
  public TextPrediction {
    Require.atLeast("window", window, 1);
  }

  /**
   * A text that was continued.
   *
   * @param text what follows the prompt; it begins with a space where words are continued
   * @param tokens the drawn tokens
   * @param logProbabilities of each drawn token, in nats, as the network expected it: temperature,
   *     top-k and top-p change what is drawn, not these numbers
   */
  public record Continued(String text, List<Integer> tokens, List<Double> logProbabilities) {
    /** Keeps copies. */
    public Continued {
      tokens = List.copyOf(tokens);
      logProbabilities = List.copyOf(logProbabilities);
    }
  }

  /**
   * A text that was judged.
   *
   * @param tokens all but the first, which is only read
   * @param logProbabilities of each of them given those before it, in nats
   */
  public record Judged(List<Integer> tokens, List<Double> logProbabilities) {
    /** Keeps copies. */
    public Judged {
      tokens = List.copyOf(tokens);
      logProbabilities = List.copyOf(logProbabilities);
    }

    /** exp of the mean of −log p. */
    public double perplexity() {
      double sum = logProbabilities.stream().mapToDouble(Double::doubleValue).sum();
      return Math.exp(-sum / logProbabilities.size());
    }
  }

  /**
   * Continues a prompt.
   *
   * @param network in eval mode
   * @param prompt as encoded by {@link #prompt}, one token or more
   */
  public Continued continued(Network network, int[] prompt, Continuation how) {
    Require.that(prompt.length > 0, "prompt", "no token", "one or more");
    RandomStream random = how.random();
    List<Integer> tokens = new ArrayList<>();
    List<Double> logProbabilities = new ArrayList<>();
    try (Reader reader = new Reader(network, window)) {
      reader.read(prompt);
      while (tokens.size() < how.tokens()) {
        int token = how.draw(reader.expected(), random);
        tokens.add(token);
        logProbabilities.add(reader.expected()[token]);
        if (tokens.size() < how.tokens()) {
          reader.read(token);
        }
      }
    }
    return new Continued(behind(prompt, tokens), tokens, logProbabilities);
  }

  /**
   * Judges a text as an evaluation with one column does: memory is carried from piece to piece; a
   * network without memory sees of each piece what lies before.
   *
   * @param network in eval mode
   * @param what the text's name, for errors
   * @throws DataException if the text has fewer than two tokens
   */
  public Judged judged(Network network, Tokens text, String what) {
    if (text.size() < 2) {
      throw new DataException(
          what
              + ": has "
              + text.size()
              + " tokens; 2 or more can be judged, the first is only read");
    }
    Columns columns = new Columns(text, 1, what, "columns");
    List<Integer> tokens = new ArrayList<>();
    List<Double> logProbabilities = new ArrayList<>();
    try (Reading reading = new Reading(List.of(network))) {
      for (long row = 0; row < columns.steps(); ) {
        try (PointerScope step = new PointerScope()) {
          TextBatch piece = columns.piece(row, window, true);
          for (double each : reading.each(piece)) {
            row++;
            tokens.add(columns.at(row, 0));
            logProbabilities.add(each);
          }
        }
      }
    }
    return new Judged(tokens, logProbabilities);
  }

  /**
   * The tokens of a prompt: as a file's, but without the line end that a file's last line has even
   * where its text does not end with one. An empty prompt is a line's end, after which a text
   * begins.
   *
   * @throws DataException if it has something that the vocabulary lacks, or is empty and the
   *     vocabulary has no line end
   */
  public int[] prompt(String text) {
    if (text.isEmpty()) {
      int[] begin = vocabulary.encode(LINE_END);
      if (begin.length == 0) {
        throw new DataException("prompt: is empty, and the vocabulary has no line end to begin at");
      }
      return begin;
    }
    int[] tokens = vocabulary.encodePart(text);
    return tokens.length == 0 ? prompt("") : tokens;
  }

  /** The text of {@code tokens} as it stands behind that of {@code prompt}. */
  private String behind(int[] prompt, List<Integer> tokens) {
    int[] all = Arrays.copyOf(prompt, prompt.length + tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      all[prompt.length + i] = tokens.get(i);
    }
    String before = vocabulary.decode(prompt);
    String whole = vocabulary.decode(all);
    // Where the prompt ends within a character of several bytes, only the new tokens can be shown.
    return whole.startsWith(before)
        ? whole.substring(before.length())
        : vocabulary.decode(Arrays.copyOfRange(all, prompt.length, all.length));
  }
}
