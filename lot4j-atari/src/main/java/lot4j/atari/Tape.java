package lot4j.atari;

import java.util.Arrays;

/** The actions of a game since the console was switched on, one a raw frame. */
final class Tape {
  private static final int SHORT = 4096;

  private byte[] actions = new byte[SHORT];
  private int length;

  /** Winds back to its beginning. */
  void clear() {
    length = 0;
  }

  /** Frames on it. */
  int length() {
    return length;
  }

  /** The last action; the one that does nothing at the beginning. */
  int last() {
    return length == 0 ? Console.NOOP : actions[length - 1];
  }

  /** One frame more. */
  void add(int action) {
    if (length == actions.length) {
      actions = Arrays.copyOf(actions, 2 * length);
    }
    actions[length++] = (byte) action;
  }

  /** What is on it. */
  byte[] bytes() {
    return Arrays.copyOf(actions, length);
  }

  /** Plays all of {@code bytes} from power-on and keeps it. */
  void play(byte[] bytes, Console console) {
    console.powerOn();
    clear();
    for (byte action : bytes) {
      console.act(action);
      add(action);
    }
  }
}
