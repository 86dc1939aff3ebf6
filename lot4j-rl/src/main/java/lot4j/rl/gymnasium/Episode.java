package lot4j.rl.gymnasium;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.rl.EnvironmentException;

/**
 * How one environment came to where it is: the seed of its episode and the actions since. A state
 * that Python holds cannot be saved by others; it is arrived at again.
 */
final class Episode {
  /** Numbers of actions kept of one episode, 40 MB. */
  private static final int MOST = 10_000_000;

  private boolean begun;
  private long seed;
  private float[] actions = new float[256];
  private int size;

  /** Forgets the last episode. */
  void begin(long seed) {
    this.begun = true;
    this.seed = seed;
    this.size = 0;
  }

  boolean begun() {
    return begun;
  }

  long seed() {
    return seed;
  }

  /** The numbers of all its actions. */
  int size() {
    return size;
  }

  /** Remembers an action. */
  void add(float[] from, int offset, int width) {
    if (size > MOST) {
      return;
    }
    if (size + width > actions.length) {
      actions = Arrays.copyOf(actions, Math.max(size + width, 2 * actions.length));
    }
    System.arraycopy(from, offset, actions, size, width);
    size += width;
  }

  /** Writes all its actions. */
  void write(ByteBuffer out) {
    for (int i = 0; i < size; i++) {
      out.putFloat(actions[i]);
    }
  }

  /**
   * Writes seed and actions.
   *
   * @throws EnvironmentException if there are too many
   */
  void save(String name, StateWriter out) {
    if (size > MOST) {
      throw new EnvironmentException(
          name
              + ": an episode of more than "
              + MOST
              + " numbers of actions cannot be saved; task.environment.max-steps cuts it off");
    }
    out.number("begun", begun ? 1 : 0);
    out.number("seed", seed);
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(bytes);
    out.bytes("actions", bytes.array());
  }

  void restore(StateReader in) {
    begun = in.number("begun") != 0;
    seed = in.number("seed");
    ByteBuffer bytes = ByteBuffer.wrap(in.bytes("actions")).order(ByteOrder.LITTLE_ENDIAN);
    size = bytes.remaining() / Float.BYTES;
    actions = new float[Math.max(256, size)];
    bytes.asFloatBuffer().get(actions, 0, size);
  }
}
