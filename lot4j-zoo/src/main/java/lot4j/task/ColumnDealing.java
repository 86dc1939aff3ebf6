package lot4j.task;

import java.util.List;
import lot4j.train.Dealing;
import org.bytedeco.pytorch.Tensor;

/**
 * Every process reads columns of its own from top to bottom, and carries their memory. The run as a
 * whole has {@code batch-size} times as many columns as there are processes.
 */
final class ColumnDealing implements Dealing<TextBatch> {
  @Override
  public int batchSize(int own, int processes) {
    return Math.multiplyExact(own, processes);
  }

  @Override
  public int accumulate(int own, int processes) {
    return own;
  }

  @Override
  public List<TextBatch> own(List<TextBatch> whole, int rank, int processes) {
    return whole.stream().map(piece -> own(piece, rank, processes)).toList();
  }

  private static TextBatch own(TextBatch piece, int rank, int processes) {
    long count = piece.inputs().size(1) / processes;
    return new TextBatch(
        columns(piece.inputs(), rank * count, count),
        piece.targets().map(targets -> columns(targets, rank * count, count)),
        piece.begins());
  }

  private static Tensor columns(Tensor tokens, long from, long count) {
    return tokens.narrow(1, from, count).contiguous();
  }
}
