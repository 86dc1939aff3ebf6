package lot4j;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a recurrent network carries from one batch of a stream to the next. It belongs to one
 * learner on one stream, never to the network, so that teacher and students can read the same text
 * at different places. Networks without state leave it empty.
 *
 * <p>The memory owns its tensors: they outlive the step's {@code PointerScope} and are released
 * when no longer needed. It remembers one batch back, so that a batch can be read a second time.
 */
public final class Memory implements AutoCloseable {
  private List<Tensor> state = List.of();
  private List<Tensor> before = List.of();

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
    before.forEach(Tensor::close);
    before = state;
    state = List.copyOf(kept);
  }

  /**
   * Goes back to before the last {@link #write}: the same batch is about to be read again. Does
   * nothing where nothing was written.
   */
  public void rewind() {
    if (!state.isEmpty()) {
      state.forEach(Tensor::close);
      state = before;
      before = List.of();
    }
  }

  /** Forgets everything: the next batch is a stream's first. */
  public void clear() {
    state.forEach(Tensor::close);
    before.forEach(Tensor::close);
    state = List.of();
    before = List.of();
  }

  @Override
  public void close() {
    clear();
  }
}
