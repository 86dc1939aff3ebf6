package lot4j.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lot4j.Network;
import lot4j.data.Table;
import lot4j.data.TableFile;
import lot4j.task.TablePrediction;

/**
 * Predicts the rows of tables as a run on a table learned to.
 *
 * @param prediction what the run keeps beside its weights
 */
record RowPredictor(TablePrediction prediction) {
  /** The input that means standard input. */
  static final String STANDARD_INPUT = "-";

  /** With what lies in the run directory. */
  static RowPredictor of(Path run) {
    return new RowPredictor(TablePrediction.read(run.resolve(TablePrediction.FILE)));
  }

  /**
   * Predicts every row of every input.
   *
   * @param inputs CSV files, or {@code -}
   * @param in standard input, read if an input is {@code -}
   * @param note takes what a user should know of the rows
   * @throws lot4j.train.DataException naming the file or the line that cannot be used
   */
  List<Prediction> of(Network network, List<String> inputs, InputStream in, Consumer<String> note) {
    List<Prediction> predictions = new ArrayList<>();
    for (String input : inputs) {
      Table table =
          input.equals(STANDARD_INPUT)
              ? TableFile.read(in, STANDARD_INPUT)
              : TableFile.read(Path.of(input)).table();
      TablePrediction.Answer answer = prediction.of(network, table);
      answer.notes().forEach(note);
      for (int row = 0; row < table.size(); row++) {
        TablePrediction.Said said = answer.rows().get(row);
        String where = input + ":" + table.line(row);
        predictions.add(
            prediction.classes().isEmpty()
                ? new NumberPrediction(where, said.value(), said.deviation())
                : new Prediction.Image(where, prediction.classes(), said.probabilities()));
      }
    }
    return predictions;
  }
}
