package lot4j.rl;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Optional;
import lot4j.checkpoint.Stateful;

/**
 * A world in which one agent acts, one episode after the other. After {@link #reset} and after each
 * {@link #step} it is asked for what came of it; no object is made on the way.
 *
 * <p>All chance in an episode follows from the seed of its reset. Its state, saved and restored,
 * goes on to the bit: {@link EnvironmentContract} checks that.
 *
 * <p>An episode ends in two different ways. {@link #terminated}: by the world's own rules, nothing
 * is to come. {@link #truncated}: it was cut off, by a time limit for instance, and the future
 * would have gone on; a value estimate takes its place. Both can be true; then the first holds.
 */
public interface Environment extends Stateful, AutoCloseable {
  /** What the agent sees and can do; always the same. */
  Spaces spaces();

  /**
   * Begins an episode. Where the last one ended but the game is not {@link #over}, it goes on with
   * the game.
   *
   * @param seed of everything random in the episode
   */
  void reset(long seed);

  /**
   * Acts. Not allowed after an episode's end or before the first reset.
   *
   * @param actions holds the action: a choice's whole number, or a number for each dimension, which
   *     is within the bounds of the space
   * @param offset where it begins there
   */
  void step(float[] actions, int offset);

  /**
   * Writes the present observation, in the order of its shape, last axis fastest.
   *
   * @param out in native byte order; takes the type of the space, and exactly its count
   */
  void observe(ByteBuffer out);

  /** The last step's reward, as the agent learns from it; 0 after a reset. */
  float reward();

  /** Whether the episode has ended by the world's own rules. */
  boolean terminated();

  /** Whether the episode was cut off. */
  boolean truncated();

  /** The last step's reward as results count it, where learning takes another, a clipped one. */
  default double score() {
    return reward();
  }

  /** Whether the game itself has ended, where an episode may be a part of it, a life. */
  default boolean over() {
    return terminated() || truncated();
  }

  /** A picture of the present state for people, always of one size; empty if there is none. */
  default Optional<BufferedImage> render() {
    return Optional.empty();
  }

  /** Releases what it holds. */
  @Override
  default void close() {}
}
