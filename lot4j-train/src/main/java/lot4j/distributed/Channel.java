package lot4j.distributed;

import org.bytedeco.pytorch.Tensor;

/**
 * Sums over all processes that go on while this process does something else. They have an order of
 * their own: every process starts the same ones in the same order, whatever it adds up elsewhere
 * meanwhile. Use it on one thread at a time.
 */
public interface Channel {
  /**
   * Begins to add up a tensor over all processes, in place.
   *
   * @param tensor contiguous, of the same shape and type everywhere; until {@link #finish} nothing
   *     may read or write it
   */
  void start(Tensor tensor);

  /** Waits until everything that was started is added up; every process has the same bits then. */
  void finish();
}
