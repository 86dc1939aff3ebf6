package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lot4j.Network;
import lot4j.data.DataSets;
import lot4j.data.TextSet;
import lot4j.data.TextSets;
import lot4j.data.Tokens;
import lot4j.data.Vocabularies;
import lot4j.data.Vocabulary;
import lot4j.task.Continuation;
import lot4j.task.LanguageModelling;
import lot4j.task.TextPrediction;
import lot4j.task.TextPrediction.Continued;
import lot4j.task.TextPrediction.Judged;
import lot4j.train.DataException;
import lot4j.train.SavedRun;

/**
 * Prompts and text files for a saved language model.
 *
 * @param directory the run's
 * @param prediction its vocabulary and reach
 */
record TextPredictor(Path directory, TextPrediction prediction) {

  /** With the vocabulary that lies in the run directory. */
  static TextPredictor of(SavedRun saved, LanguageModelling text) {
    return new TextPredictor(
        saved.directory(),
        new TextPrediction(vocabulary(saved), text.evalLength().orElse(text.length())));
  }

  /** The vocabulary that lies in the run directory. */
  static Vocabulary vocabulary(SavedRun saved) {
    Path file =
        Stream.of("vocabulary.json", "tokenizer.json")
            .map(saved.directory()::resolve)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        saved.directory() + ": holds neither vocabulary.json nor tokenizer.json"));
    Vocabulary vocabulary = Vocabularies.read(file);
    if (vocabulary.size() != saved.outputs()) {
      throw new DataException(
          file
              + ": has "
              + vocabulary.size()
              + " tokens, the networks of this run "
              + saved.outputs());
    }
    return vocabulary;
  }

  /** Judges a file, continues everything else, or judges that too. */
  Prediction of(Network network, String input, Continuation how, boolean score, Console console) {
    Optional<Path> file = file(input);
    if (file.isPresent()) {
      TextSet.Part part = TextSets.part(directory, path(file.get()), prediction.vocabulary(), true);
      part.notes().forEach(console::error);
      return judged(network, input, part.tokens());
    }
    int[] prompt = prompt(input);
    if (score) {
      return judgedHere(network, input, Tokens.of(prompt));
    }
    Continued continued = prediction.continued(network, prompt, how);
    return new Prediction.Text(input, continued, pieces(continued.tokens()));
  }

  private Prediction judged(Network network, String input, Tokens tokens) {
    Judged judged = prediction.judged(network, tokens, "'" + input + "'");
    return new Prediction.Score(input, judged, pieces(judged.tokens()));
  }

  /** What stands in the command line is wrong there. */
  private Prediction judgedHere(Network network, String input, Tokens tokens) {
    try {
      return judged(network, input, tokens);
    } catch (DataException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** A prompt is part of the command line, and so is what is wrong with it. */
  private int[] prompt(String input) {
    try {
      return prediction.prompt(input);
    } catch (DataException e) {
      throw new UsageException("INPUT: " + e.getMessage());
    }
  }

  private List<String> pieces(List<Integer> tokens) {
    return tokens.stream().map(token -> prediction.vocabulary().decode(new int[] {token})).toList();
  }

  /** Never a data set's name, even if the file is called so. */
  private static String path(Path file) {
    return DataSets.named(file.toString()).isEmpty() ? file.toString() : "./" + file;
  }

  private static Optional<Path> file(String input) {
    try {
      return Optional.of(Path.of(input)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
