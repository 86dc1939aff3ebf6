package lot4j.rl;

import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The most recent states that the teacher met: copies, so that the next rollout does not change
 * them. Owns its memory.
 */
final class StateMemory implements Stateful, AutoCloseable {
  private final Observations rows;
  private final long capacity;
  private long size;
  private long next;

  StateMemory(ObservationSpace space, long capacity) {
    this.capacity = capacity;
    this.rows = new Observations(space, capacity);
  }

  /** How many states it holds. */
  long size() {
    return size;
  }

  /** Takes in the first {@code count} rows, of which the last ones stay if there are too many. */
  void add(Observations from, long count) {
    long taken = Math.min(count, capacity);
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      long first = Math.min(taken, capacity - next);
      put(from, count - taken, next, first);
      put(from, count - taken + first, 0, taken - first);
    }
    next = (next + taken) % capacity;
    size = Math.min(capacity, size + taken);
  }

  private void put(Observations from, long begin, long to, long count) {
    if (count > 0) {
      rows.stored().narrow(0, to, count).copy_(from.stored().narrow(0, begin, count));
    }
  }

  /** The states of these places, as networks see them. */
  Tensor at(Tensor places) {
    return rows.seen(rows.stored().index_select(0, places));
  }

  @Override
  public void save(StateWriter out) {
    out.number("size", size);
    out.number("next", next);
    if (size > 0) {
      rows.save(out, size);
    }
  }

  @Override
  public void restore(StateReader in) {
    size = in.number("size");
    next = in.number("next");
    if (size > 0) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard constant = new NoGradGuard()) {
        rows.restore(in, size);
      }
    }
  }

  @Override
  public void close() {
    rows.close();
  }
}
