package lot4j.task;

import java.util.ArrayList;
import java.util.List;
import lot4j.Require;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.train.BatchSource;

/**
 * A text's columns from top to bottom, piece after piece, and again from the top. A step takes one
 * piece, or as many consecutive ones as gradients are accumulated over; an epoch's last step takes
 * what is left. With the first piece of an epoch the streams begin anew.
 */
final class TextStream implements BatchSource<TextBatch> {
  private final Columns columns;
  private final int length;
  private final int accumulate;
  private final boolean labelled;
  private long row;

  TextStream(Columns columns, int length, int accumulate, boolean labelled) {
    this.columns = columns;
    this.length = Require.atLeast("task.length", length, 1);
    this.accumulate = Require.atLeast("accumulate", accumulate, 1);
    this.labelled = labelled;
  }

  @Override
  public List<TextBatch> next() {
    if (row == columns.steps()) {
      row = 0;
    }
    List<TextBatch> pieces = new ArrayList<>();
    while (pieces.size() < accumulate && row < columns.steps()) {
      TextBatch piece = columns.piece(row, length, labelled);
      row += piece.rows();
      pieces.add(piece);
    }
    return pieces;
  }

  @Override
  public void save(StateWriter out) {
    out.number("targets", columns.targets());
    out.number("row", row);
  }

  @Override
  public void restore(StateReader in) {
    if (in.number("targets") != columns.targets()) {
      throw new CheckpointException(
          "targets: the checkpoint's stream has "
              + in.number("targets")
              + ", this text "
              + columns.targets()
              + "; the data is not the one that was trained on");
    }
    long at = in.number("row");
    if (at < 0 || at > columns.steps()) {
      throw new CheckpointException("row = " + at + " is not allowed; 0 to " + columns.steps());
    }
    row = at;
  }
}
