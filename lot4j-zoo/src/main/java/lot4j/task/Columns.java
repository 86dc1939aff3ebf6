package lot4j.task;

import static org.bytedeco.pytorch.global.torch.from_blob;

import java.util.Optional;
import lot4j.data.Tokens;
import lot4j.train.DataException;
import lot4j.train.Pace;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A text cut into columns of equal length that are read side by side: column b holds the tokens
 * from {@code b · rows} on. What does not fill a row is dropped; the first row is never a target.
 */
public final class Columns {
  private final Tokens tokens;
  private final int count;
  private final long rows;

  /**
   * Cuts a text.
   *
   * @param what the text's name, for errors
   * @param key the configuration key that gives the number of columns, for errors
   * @throws DataException if a column would have fewer than two tokens
   */
  public Columns(Tokens tokens, int count, String what, String key) {
    this.tokens = tokens;
    this.count = count;
    this.rows = tokens.size() / count;
    if (rows < 2) {
      throw new DataException(
          what
              + ": "
              + tokens.size()
              + (tokens.size() == 1 ? " token" : " tokens")
              + " are too few for "
              + key
              + " = "
              + count
              + ", which needs "
              + 2L * count
              + " or more");
    }
  }

  /** Number of columns. */
  public int count() {
    return count;
  }

  /** Rows that have a row after them: predicted tokens of one column. */
  public long steps() {
    return rows - 1;
  }

  /** All predicted tokens. */
  public long targets() {
    return count * steps();
  }

  /** The pace of pieces {@code length} rows long. */
  public Pace pace(int length, int accumulate) {
    long piece = (long) count * Math.min(length, steps());
    return new Pace(targets(), Math.multiplyExact(piece, accumulate), piece, count);
  }

  /** The rows from {@code row} on, at most {@code length}, with the next token of each. */
  public TextBatch piece(long row, int length, boolean labelled) {
    int time = (int) Math.min(length, steps() - row);
    Optional<Tensor> targets = labelled ? Optional.of(rows(row + 1, time)) : Optional.empty();
    return new TextBatch(rows(row, time), targets, row == 0);
  }

  /** The token at a row of a column. */
  int at(long row, int column) {
    return tokens.at(column * rows + row);
  }

  private Tensor rows(long from, int time) {
    long[] ids = new long[time * count];
    for (int b = 0; b < count; b++) {
      long start = b * rows + from;
      for (int t = 0; t < time; t++) {
        ids[t * count + b] = tokens.at(start + t);
      }
    }
    try (LongPointer pointer = new LongPointer(ids)) {
      return from_blob(pointer, new long[] {time, count}, new TensorOptions(ScalarType.Long))
          .clone();
    }
  }
}
