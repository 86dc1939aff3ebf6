package lot4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a recurrent network carries from one batch of a stream to the next. It belongs to one
 * learner on one stream, never to the network, so that teacher and students can read the same text
 * at different places. Networks without state leave it empty.
 *
 * <p>The memory owns its tensors: they outlive the step's {@code PointerScope} and are released
 * when no longer needed. A place can be marked, so that what follows it can be read a second time.
 */
public final class Memory implements AutoCloseable {
  private final Optional<KeyValues> keyValues;
  private List<Tensor> state = List.of();
  private List<Tensor> marked = List.of();

  /** At a stream's start. */
  public Memory() {
    this.keyValues = Optional.empty();
  }

  /**
   * At the start of a text that is read on bit by bit, which a network without recurrence may keep
   * keys and values of; they stay the caller's.
   */
  public Memory(KeyValues keyValues) {
    this.keyValues = Optional.of(keyValues);
  }

  /** Where keys and values may be kept; empty while training, where every piece stands alone. */
  public Optional<KeyValues> keyValues() {
    return keyValues;
  }

  /** The carried tensors, constants, in the network's own order; empty at a stream's start. */
  public List<Tensor> read() {
    return state;
  }

  /** Replaces the carried tensors; their values are kept, their gradients cut. */
  public void write(List<Tensor> next) {
    List<Tensor> kept = new ArrayList<>();
    for (Tensor tensor : next) {
      kept.add(tensor.detach().retainReference());
    }
    state.forEach(Tensor::close);
    state = List.copyOf(kept);
  }

  /** Remembers this place until the next mark; {@link #rewind} comes back to it. */
  public void mark() {
    marked.forEach(Tensor::close);
    marked = copies(state);
  }

  /** Goes back to the last marked place, or to a stream's start if there is none. */
  public void rewind() {
    state.forEach(Tensor::close);
    state = copies(marked);
  }

  /** Forgets what is carried: the next batch is a stream's first. The mark stays. */
  public void clear() {
    state.forEach(Tensor::close);
    state = List.of();
  }

  @Override
  public void close() {
    clear();
    marked.forEach(Tensor::close);
    marked = List.of();
  }

  /** Further handles of the same tensors, which nobody changes in place. */
  private static List<Tensor> copies(List<Tensor> tensors) {
    List<Tensor> copies = new ArrayList<>();
    for (Tensor tensor : tensors) {
      copies.add(tensor.detach().retainReference());
    }
    return List.copyOf(copies);
  }
}
