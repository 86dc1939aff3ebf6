package lot4j.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
 * @param network in eval mode
 * @param how prompts are continued
 * @param score whether what is no file is judged too
 * @param console told of files that are read in an unusual way
 */
record TextPredictor(
    Path directory,
    TextPrediction prediction,
    Network network,
    Continuation how,
    boolean score,
    Console console)
    implements Predictor {

  /** With the vocabulary that lies in the run directory. */
  static TextPredictor of(
      SavedRun saved,
      LanguageModelling text,
      Network network,
      Continuation how,
      boolean score,
      Console console) {
    return new TextPredictor(
        saved.directory(),
        new TextPrediction(vocabulary(saved), text.evalLength().orElse(text.length())),
        network,
        how,
        score,
        console);
  }

  /** The vocabulary that lies in the run directory. */
  static Vocabulary vocabulary(SavedRun saved) {
    Vocabulary vocabulary = Vocabularies.of(saved.directory());
    if (vocabulary.size() != saved.outputs()) {
      throw new DataException(
          saved.directory().resolve(vocabulary.fileName())
              + ": has "
              + vocabulary.size()
              + " tokens, the networks of this run "
              + saved.outputs());
    }
    return vocabulary;
  }

  @Override
  public boolean alone(List<String> arguments) {
    return arguments.size() == 1 && !arguments.contains("-");
  }

  /** A file to judge, or a prompt. */
  @Override
  public Stream<Input> inputs(String argument) {
    return Stream.of(new Input(argument, file(argument)));
  }

  @Override
  public int together() {
    return 1;
  }

  @Override
  public void answer(List<Input> inputs, Consumer<Prediction> to) {
    inputs.forEach(input -> to.accept(answer(input.name(), input.file())));
  }

  /** Judges a file, continues everything else, or judges that too. */
  private Prediction answer(String input, Optional<Path> file) {
    if (file.isPresent()) {
      TextSet.Part part = TextSets.part(directory, path(file.get()), prediction.vocabulary(), true);
      part.notes().forEach(console::error);
      return judged(input, part.tokens());
    }
    int[] prompt = prompt(input);
    if (score) {
      return judgedHere(input, Tokens.of(prompt));
    }
    Continued continued = prediction.continued(network, prompt, how);
    return new Prediction.Text(input, continued, pieces(continued.tokens()));
  }

  private Prediction judged(String input, Tokens tokens) {
    Judged judged = prediction.judged(network, tokens, "'" + input + "'");
    return new Prediction.Score(input, judged, pieces(judged.tokens()));
  }

  /** What stands in the command line is wrong there. */
  private Prediction judgedHere(String input, Tokens tokens) {
    try {
      return judged(input, tokens);
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

  /** The file of that name; empty if it is none, so that it is a prompt. */
  static Optional<Path> file(String input) {
    try {
      return Optional.of(Path.of(input)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
