package lot4j.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lot4j.Network;
import lot4j.data.InstructionLines;
import lot4j.task.Continuation;
import lot4j.task.InstructionFormat;
import lot4j.task.InstructionPrediction;
import lot4j.task.InstructionTuning;
import lot4j.task.TextPrediction.Continued;
import lot4j.train.DataException;
import lot4j.train.SavedRun;

/**
 * Requests for a saved network that answers them: texts, or files of JSON Lines with one in each
 * line.
 *
 * @param prediction its template and vocabulary
 * @param network in eval mode
 * @param how answers are drawn
 */
record InstructionPredictor(InstructionPrediction prediction, Network network, Continuation how)
    implements Predictor {

  /** With the vocabulary that lies in the run directory. */
  static InstructionPredictor of(
      SavedRun saved, InstructionTuning task, Network network, Continuation how) {
    InstructionFormat format = InstructionFormat.of(task, TextPredictor.vocabulary(saved));
    return new InstructionPredictor(new InstructionPrediction(format), network, how);
  }

  /** A file has several requests, even where it has one. */
  @Override
  public boolean alone(List<String> arguments) {
    return arguments.size() == 1
        && !arguments.contains("-")
        && TextPredictor.file(arguments.get(0)).isEmpty();
  }

  @Override
  public Stream<Input> inputs(String argument) {
    return TextPredictor.file(argument)
        .map(file -> RequestLines.inputs(InstructionLines.of(file)))
        .orElseGet(() -> Stream.of(new Input(argument, Optional.empty())));
  }

  @Override
  public int together() {
    return 1;
  }

  @Override
  public void answer(List<Input> inputs, Consumer<Prediction> to) {
    for (Input input : inputs) {
      to.accept(input.line().isPresent() ? ofFile(input) : ofCommandLine(input.name()));
    }
  }

  private Prediction ofFile(Input input) {
    String request = RequestLines.line(input).request(prediction.format().spec().promptKey());
    try {
      return answer(input.name(), request);
    } catch (DataException e) {
      throw new DataException(input.name() + ": " + e.getMessage(), e);
    }
  }

  /** What stands in the command line is wrong there. */
  private Prediction ofCommandLine(String request) {
    try {
      return answer(request, request);
    } catch (DataException e) {
      throw new UsageException("INPUT: " + e.getMessage());
    }
  }

  private Prediction answer(String name, String request) {
    Continued answer = prediction.answer(network, request, how);
    List<String> pieces =
        answer.tokens().stream()
            .map(token -> prediction.format().vocabulary().decode(new int[] {token}))
            .toList();
    return new Answered(new Prediction.Text(name, answer, pieces));
  }
}
