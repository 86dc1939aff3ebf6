package lot4j.rl;

import java.nio.ByteBuffer;
import lot4j.checkpoint.Stateful;

/**
 * A number of like environments that are stepped together; {@link Environment} says what each call
 * means. {@link Copies} makes one of single environments.
 */
public interface Environments extends Stateful, AutoCloseable {
  /** How many. */
  int count();

  /** What the agent sees and can do. */
  Spaces spaces();

  /** Begins an episode in one of them. */
  void reset(int environment, long seed);

  /**
   * Acts in all that are {@code active}; the others stay as they are.
   *
   * @param actions [environment, width], environments one after the other
   * @param active whether each takes part
   */
  void step(float[] actions, boolean[] active);

  /** Writes the present observation of one of them. */
  void observe(int environment, ByteBuffer out);

  /** The last step's reward of one of them. */
  float reward(int environment);

  /** Its last reward as results count it. */
  double score(int environment);

  /** Whether its episode has ended by the world's own rules. */
  boolean terminated(int environment);

  /** Whether its episode was cut off. */
  boolean truncated(int environment);

  /** Whether its game has ended. */
  boolean over(int environment);

  @Override
  void close();
}
