package lot4j.cli;

import java.util.List;
import lot4j.Network;
import lot4j.task.Continuation;
import lot4j.task.InstructionFormat;
import lot4j.task.InstructionPrediction;
import lot4j.task.InstructionTuning;
import lot4j.task.TextPrediction.Continued;
import lot4j.train.DataException;
import lot4j.train.SavedRun;

/**
 * Requests for a saved network that answers them.
 *
 * @param prediction its template and vocabulary
 */
record InstructionPredictor(InstructionPrediction prediction) {

  /** With the vocabulary that lies in the run directory. */
  static InstructionPredictor of(SavedRun saved, InstructionTuning task) {
    return new InstructionPredictor(
        new InstructionPrediction(InstructionFormat.of(task, TextPredictor.vocabulary(saved))));
  }

  /** The answer; what stands in the command line is wrong there. */
  Prediction of(Network network, String input, Continuation how) {
    try {
      Continued answer = prediction.answer(network, input, how);
      List<String> pieces =
          answer.tokens().stream()
              .map(token -> prediction.format().vocabulary().decode(new int[] {token}))
              .toList();
      return new Prediction.Text(input, answer, pieces);
    } catch (DataException e) {
      throw new UsageException("INPUT: " + e.getMessage());
    }
  }
}
