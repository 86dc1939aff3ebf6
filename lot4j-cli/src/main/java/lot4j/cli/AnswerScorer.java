package lot4j.cli;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lot4j.Network;
import lot4j.data.InstructionLine;
import lot4j.data.InstructionLines;
import lot4j.data.Vocabulary;
import lot4j.task.AnswerScore;
import lot4j.task.AnswerScoring;
import lot4j.task.InstructionFormat;
import lot4j.task.InstructionTuning;
import lot4j.train.DataException;
import lot4j.train.SavedRun;

/**
 * Scores answers that are there: records of JSON Lines with a request and its answer.
 *
 * @param scoring template and vocabulary
 * @param network in eval mode
 * @param in standard input, whose lines are records if an input is {@code -}
 * @param together records at a time
 */
record AnswerScorer(AnswerScoring scoring, Network network, InputStream in, int together)
    implements Predictor {
  /** The input that means standard input. */
  private static final String STANDARD_INPUT = "-";

  private static final int TOGETHER = 16;

  /**
   * With the vocabulary that lies in the run directory.
   *
   * @param inputs the command's: from standard input each record is answered before the next is
   *     waited for
   */
  static AnswerScorer of(
      SavedRun saved,
      InstructionTuning task,
      Network network,
      InputStream in,
      List<String> inputs) {
    InstructionFormat format = InstructionFormat.of(task, TextPredictor.vocabulary(saved));
    return new AnswerScorer(
        new AnswerScoring(format), network, in, inputs.contains(STANDARD_INPUT) ? 1 : TOGETHER);
  }

  /** Standard input has records, not names of files. */
  @Override
  public boolean takesLines() {
    return false;
  }

  @Override
  public Stream<Input> inputs(String argument) {
    return RequestLines.inputs(
        argument.equals(STANDARD_INPUT)
            ? InstructionLines.of(in, STANDARD_INPUT)
            : InstructionLines.of(file(argument)));
  }

  /** A regular file, or a pipe. */
  private static Path file(String argument) {
    return path(argument)
        .filter(Files::exists)
        .orElseThrow(
            () ->
                new DataException(
                    argument
                        + ": no such file; --score takes JSON Lines of requests with answers in"
                        + " this run, a file or -"));
  }

  private static Optional<Path> path(String argument) {
    try {
      return Optional.of(Path.of(argument));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  @Override
  public void answer(List<Input> inputs, Consumer<Prediction> to) {
    List<InstructionLine> lines = inputs.stream().map(RequestLines::line).toList();
    List<AnswerScore> scores = scoring.of(network, lines);
    Vocabulary vocabulary = scoring.format().vocabulary();
    for (int i = 0; i < scores.size(); i++) {
      List<String> pieces = new ArrayList<>();
      scores.get(i).tokens().forEach(token -> pieces.add(vocabulary.decode(new int[] {token})));
      to.accept(new ScoredAnswer(inputs.get(i).name(), scores.get(i), pieces));
    }
  }
}
