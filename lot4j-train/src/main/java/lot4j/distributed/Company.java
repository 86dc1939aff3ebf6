package lot4j.distributed;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * The processes that train a run together, seen from one of them. Every process makes the same
 * calls in the same order; rank 0 leads: it alone writes and judges.
 */
public sealed interface Company extends AutoCloseable permits Solo, Crew {
  /** This process's number, from 0. */
  int rank();

  /** How many processes there are, 1 or more. */
  int size();

  /** This process's number among those on its machine, from 0. */
  int localRank();

  /** Whether this is rank 0. */
  default boolean leads() {
    return rank() == 0;
  }

  /**
   * Adds up a tensor over all processes, in place; every process gets the same bits.
   *
   * @param tensor contiguous, of the same shape and type everywhere
   */
  default void sum(Tensor tensor) {
    sum(List.of(tensor));
  }

  /** The same with several tensors, each by itself, waited for together. */
  void sum(List<Tensor> tensors);

  /** Which gradients are to be added up in parts. */
  Bucketing bucketing();

  /** Opens another channel; every process does so at the same place. */
  Channel channel();

  /** Brings what every process says to rank 0, in the order of ranks; empty elsewhere. */
  List<byte[]> gather(byte[] own);

  /** What rank 0 says, which alone works it out, for every process. */
  byte[] share(Supplier<byte[]> leader);

  /**
   * What one process alone works out, for rank 0; empty elsewhere.
   *
   * @param rank whose {@code work} is asked
   */
  byte[] from(int rank, Supplier<byte[]> work);

  /**
   * Does what only this process does while the others go on, and may wait for it as long as it
   * takes: without it, a process that keeps the others waiting counts as stuck at some time.
   */
  <T> T apart(Supplier<T> work);

  /** Names what this process does from now on, to be said if it gets stuck: {@code step 12}. */
  void at(String place);

  /**
   * Seconds that this process has spent waiting for sums, for the others to come to them included.
   */
  double secondsSumming();

  /**
   * Tells the others that this process cannot go on, and why; they end as well.
   *
   * @param code this process's exit code
   * @param said whether this process has told the user; else another one does
   */
  void fail(int code, String message, boolean said);

  /** Takes leave; the others do not miss this process afterwards. */
  @Override
  void close();
}
