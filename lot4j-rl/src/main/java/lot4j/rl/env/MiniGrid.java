package lot4j.rl.env;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import lot4j.Require;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.checkpoint.Stateful;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;

/**
 * A game on a grid of 10 by 10 cells as MinAtar has them: six actions of which one is now and then
 * replaced by the one before, an observation of 0 and 1 [channels, row, column], and a limit of
 * steps. The {@link Game} within holds the rules.
 */
final class MiniGrid implements Environment {
  /** Cells on a side. */
  static final int SIDE = 10;

  /** The last row and column. */
  static final int LAST = SIDE - 1;

  static final int NONE = 0;
  static final int LEFT = 1;
  static final int UP = 2;
  static final int RIGHT = 3;
  static final int DOWN = 4;
  static final int FIRE = 5;

  private static final int ACTIONS = 6;
  private static final int CELL_PIXELS = 20;

  private final Game game;
  private final double sticky;
  private final int maxSteps;
  private final Spaces spaces;
  private final byte[] cells;
  private RandomStream chance = new Streams(0).named("environment");
  private boolean running;
  private int lastAction;
  private int steps;
  private int reward;
  private boolean terminated;
  private boolean truncated;

  /**
   * Before the first reset.
   *
   * @param sticky probability that the action of the step before is taken instead of the chosen one
   * @param maxSteps after which an episode is cut off
   */
  MiniGrid(Game game, double sticky, int maxSteps) {
    this.game = game;
    this.sticky = sticky;
    this.maxSteps = maxSteps;
    int channels = game.colours().length;
    this.spaces =
        new Spaces(
            ObservationSpace.bytes(1, channels, SIDE, SIDE), new ActionSpace.Discrete(ACTIONS));
    this.cells = new byte[channels * SIDE * SIDE];
  }

  /** The rules of one game. No call but {@link #save}, {@link #restore} makes an object. */
  interface Game extends Stateful {
    /** Sets the grid up for an episode. */
    void begin(RandomStream chance);

    /**
     * Plays one frame.
     *
     * @return the reward
     */
    int play(int action, RandomStream chance);

    /** Whether the episode has ended by the rules. */
    boolean ended();

    /** Marks what there is with {@link #mark}, in cells that are all 0. */
    void draw(byte[] cells);

    /** A colour (RGB) for each channel, for people. A later channel covers an earlier one. */
    int[] colours();
  }

  /** Checks what all games have in common. */
  static void check(double sticky, int maxSteps) {
    Require.within("sticky", sticky, 0, 1);
    Require.atLeast("max-steps", maxSteps, 1);
  }

  /** Sets one cell of a channel to 1. */
  static void mark(byte[] cells, int channel, int row, int column) {
    cells[(channel * SIDE + row) * SIDE + column] = 1;
  }

  /** As {@link #mark}, where the column may lie outside: then nothing is marked. */
  static void markInside(byte[] cells, int channel, int row, int column) {
    if (column >= 0 && column < SIDE) {
      mark(cells, channel, row, column);
    }
  }

  /** Sets the cells of a row whose bits are set; bit 0 is the left column. */
  static void markRow(byte[] cells, int channel, int row, int bits) {
    for (int left = bits; left != 0; left &= left - 1) {
      mark(cells, channel, row, Integer.numberOfTrailingZeros(left));
    }
  }

  /** A position moved by one, held within {@code [low, high]}. */
  static int within(int position, int low, int high) {
    return Math.max(low, Math.min(high, position));
  }

  /** Writes an array as one entry. */
  static void save(StateWriter out, String name, int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    out.bytes(name, bytes.array());
  }

  /** Reads an array of the same length back. */
  static void restore(StateReader in, String name, int[] values) {
    byte[] bytes = in.bytes(name);
    if (bytes.length != values.length * Integer.BYTES) {
      throw new CheckpointException(
          name + ": has " + bytes.length + " bytes; " + values.length * Integer.BYTES);
    }
    ByteBuffer.wrap(bytes).asIntBuffer().get(values);
  }

  /** Reads a whole number back. */
  static int number(StateReader in, String name) {
    return Math.toIntExact(in.number(name));
  }

  @Override
  public Spaces spaces() {
    return spaces;
  }

  @Override
  public void reset(long seed) {
    chance = new Streams(seed).named("environment");
    game.begin(chance);
    running = true;
    lastAction = NONE;
    steps = 0;
    reward = 0;
    terminated = false;
    truncated = false;
  }

  @Override
  public void step(float[] actions, int offset) {
    if (!running) {
      throw new IllegalStateException("a step outside an episode is not allowed; reset first");
    }
    int chosen = (int) actions[offset];
    if (chosen != actions[offset] || chosen < 0 || chosen >= ACTIONS) {
      throw new IllegalArgumentException(
          "action = " + actions[offset] + " is not allowed; a whole number from 0 to 5");
    }
    if (sticky == 0 || chance.uniform() >= sticky) {
      lastAction = chosen;
    }
    reward = game.play(lastAction, chance);
    steps++;
    terminated = game.ended();
    truncated = !terminated && steps >= maxSteps;
    running = !terminated && !truncated;
  }

  @Override
  public void observe(ByteBuffer out) {
    Arrays.fill(cells, (byte) 0);
    game.draw(cells);
    out.put(cells);
  }

  @Override
  public float reward() {
    return reward;
  }

  @Override
  public boolean terminated() {
    return terminated;
  }

  @Override
  public boolean truncated() {
    return truncated;
  }

  /** The action that the last step took: the chosen one or the one before. */
  int lastAction() {
    return lastAction;
  }

  /** A square for each cell in its channel's colour, black where nothing is. */
  @Override
  public Optional<BufferedImage> render() {
    byte[] now = new byte[cells.length];
    game.draw(now);
    int[] colours = game.colours();
    int width = SIDE * CELL_PIXELS;
    BufferedImage picture = new BufferedImage(width, width, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, colour(now, colours, y / CELL_PIXELS, x / CELL_PIXELS));
      }
    }
    return Optional.of(picture);
  }

  private static int colour(byte[] cells, int[] colours, int row, int column) {
    for (int channel = colours.length - 1; channel >= 0; channel--) {
      if (cells[(channel * SIDE + row) * SIDE + column] != 0) {
        return colours[channel];
      }
    }
    return 0;
  }

  @Override
  public void save(StateWriter out) {
    chance.save(out.section("chance"));
    game.save(out.section("game"));
    out.number("running", running ? 1 : 0);
    out.number("last-action", lastAction);
    out.number("steps", steps);
    out.number("reward", reward);
    out.number("terminated", terminated ? 1 : 0);
    out.number("truncated", truncated ? 1 : 0);
  }

  @Override
  public void restore(StateReader in) {
    chance.restore(in.section("chance"));
    game.restore(in.section("game"));
    running = in.number("running") != 0;
    lastAction = number(in, "last-action");
    steps = number(in, "steps");
    reward = number(in, "reward");
    terminated = in.number("terminated") != 0;
    truncated = in.number("truncated") != 0;
  }
}
