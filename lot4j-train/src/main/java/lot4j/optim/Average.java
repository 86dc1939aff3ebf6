package lot4j.optim;

import lot4j.checkpoint.Stateful;

/**
 * An average over the course of a run of one network's weights, by which the network is judged and
 * with which it is deployed.
 */
public interface Average extends Stateful, AutoCloseable {
  /** Takes the present weights into account; called after teacher step {@code step}, from 0. */
  void update(long step);

  /** Puts the averaged weights into the network until the result is closed. */
  Swap swapIn();

  /** Releases the average; the network keeps its own weights. */
  @Override
  void close();

  /** The time during which the network has other weights. */
  @FunctionalInterface
  interface Swap extends AutoCloseable {
    /** Gives the network its own weights back, every bit. */
    @Override
    void close();
  }
}
