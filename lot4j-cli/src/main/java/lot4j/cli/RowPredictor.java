package lot4j.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lot4j.Network;
import lot4j.data.Table;
import lot4j.data.TableFile;
import lot4j.task.TablePrediction;

/**
 * Predicts the rows of tables as a run on a table learned to.
 *
 * @param prediction what the run keeps beside its weights
 * @param network in eval mode
 * @param in standard input, read if an input is {@code -}
 * @param note takes what a user should know of the rows
 */
record RowPredictor(
    TablePrediction prediction, Network network, InputStream in, Consumer<String> note)
    implements Predictor {
  /** The input that means standard input. */
  static final String STANDARD_INPUT = "-";

  /** With what lies in the run directory. */
  static RowPredictor of(Path run, Network network, InputStream in, Consumer<String> note) {
    return new RowPredictor(
        TablePrediction.read(run.resolve(TablePrediction.FILE)), network, in, note);
  }

  /** Standard input is a table, not a list of tables. */
  @Override
  public boolean takesLines() {
    return false;
  }

  @Override
  public Stream<Input> inputs(String argument) {
    return Stream.of(
        new Input(
            argument,
            argument.equals(STANDARD_INPUT) ? Optional.empty() : Optional.of(Path.of(argument))));
  }

  @Override
  public int together() {
    return 1;
  }

  @Override
  public void answer(List<Input> inputs, Consumer<Prediction> to) {
    inputs.forEach(input -> answer(input, to));
  }

  private void answer(Input input, Consumer<Prediction> to) {
    Table table =
        input
            .file()
            .map(file -> TableFile.read(file).table())
            .orElseGet(() -> TableFile.read(in, STANDARD_INPUT));
    TablePrediction.Answer answer = prediction.of(network, table);
    answer.notes().forEach(note);
    List<String> classes = prediction.classes();
    for (int row = 0; row < table.size(); row++) {
      TablePrediction.Said said = answer.rows().get(row);
      String where = input.name() + ":" + table.line(row);
      to.accept(
          classes.isEmpty()
              ? new NumberPrediction(where, said.value(), said.deviation())
              : new Prediction.Classified(
                  where,
                  classes,
                  false,
                  best(classes, said.probabilities()),
                  said.probabilities()));
    }
  }

  private static List<String> best(List<String> classes, List<Double> probabilities) {
    return List.of(classes.get(probabilities.indexOf(Collections.max(probabilities))));
  }
}
