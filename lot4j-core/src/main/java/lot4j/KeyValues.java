package lot4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a Transformer has computed of texts that are read on bit by bit: the keys and values of
 * their tokens, so that they need not be computed again. Who reads so puts one into the {@link
 * Memory}; networks that have no use for it leave it empty.
 *
 * <p>Texts of different lengths stand side by side with their ends together: {@code starts} says
 * how many rows of each column hold nothing.
 *
 * <p>It owns its tensors, each [batch, heads, rows, size].
 */
public final class KeyValues implements AutoCloseable {
  private static final int BATCH = 0;
  private static final int ROWS = 2;

  private Optional<long[]> starts;
  private List<Tensor> entries = List.of();
  private long length;

  /** For texts that all begin with the first row. */
  public KeyValues() {
    this.starts = Optional.empty();
  }

  /**
   * For texts that begin at different rows.
   *
   * @param starts [batch], the row at which each text begins, 0 or more
   */
  public KeyValues(long[] starts) {
    this.starts = different(starts.clone());
  }

  private static Optional<long[]> different(long[] starts) {
    return Arrays.stream(starts).allMatch(start -> start == 0)
        ? Optional.empty()
        : Optional.of(starts);
  }

  /** The row at which each text begins; empty if all begin with the first. */
  public Optional<long[]> starts() {
    return starts.map(long[]::clone);
  }

  /** Rows that have been read; 0 as long as no network has put anything here. */
  public long length() {
    return length;
  }

  /** The tensors in the network's own order; empty before the first row. */
  public List<Tensor> read() {
    return entries;
  }

  /**
   * Replaces what is kept.
   *
   * @param next constants, each [batch, heads, rows, size]
   * @param rows how many rows have been read by now
   */
  public void write(List<Tensor> next, long rows) {
    List<Tensor> kept = new ArrayList<>();
    for (Tensor tensor : next) {
      kept.add(tensor.detach().retainReference());
    }
    entries.forEach(Tensor::close);
    entries = List.copyOf(kept);
    length = rows;
  }

  /**
   * Goes on with some of the texts alone. Rows in which none of them has begun are dropped.
   *
   * @param columns which ones, in their new order, one or more
   */
  public void select(long[] columns) {
    Require.that(columns.length > 0, "columns", 0, "one or more");
    long[] begun =
        starts
            .map(all -> Arrays.stream(columns).map(column -> all[(int) column]).toArray())
            .orElseGet(() -> new long[columns.length]);
    long first = Math.min(length, Arrays.stream(begun).min().orElse(0));
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      Tensor index = torch.tensor(columns);
      List<Tensor> left = new ArrayList<>();
      for (Tensor entry : entries) {
        left.add(
            entry
                .narrow(ROWS, first, length - first)
                .index_select(BATCH, index.to(entry.device(), ScalarType.Long)));
      }
      write(left, length - first);
    }
    starts = different(Arrays.stream(begun).map(start -> start - first).toArray());
  }

  @Override
  public void close() {
    entries.forEach(Tensor::close);
    entries = List.of();
  }
}
