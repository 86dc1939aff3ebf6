package lot4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a Transformer has computed of a text that is read on bit by bit: the keys and values of its
 * tokens, so that they need not be computed again. Who reads so puts one into the {@link Memory};
 * networks that have no use for it leave it empty.
 *
 * <p>Texts of different lengths stand side by side with their ends together: {@code starts} says
 * how many places of each column hold nothing.
 *
 * <p>It owns its tensors.
 */
public final class KeyValues implements AutoCloseable {
  private final Optional<Tensor> starts;
  private List<Tensor> entries = List.of();
  private long length;

  /** For texts that all begin with the first row. */
  public KeyValues() {
    this.starts = Optional.empty();
  }

  /**
   * For texts that begin at different rows.
   *
   * @param starts [batch] int64, the row at which each text begins; kept
   */
  public KeyValues(Tensor starts) {
    this.starts = Optional.of(starts.detach().retainReference());
  }

  /** The row at which each text begins; empty if all begin with the first. */
  public Optional<Tensor> starts() {
    return starts;
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
   * @param next constants
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

  @Override
  public void close() {
    entries.forEach(Tensor::close);
    entries = List.of();
    starts.ifPresent(Tensor::close);
  }
}
