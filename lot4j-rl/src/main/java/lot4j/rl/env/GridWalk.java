package lot4j.rl.env;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentException;
import lot4j.rl.ObservationSpace;
import lot4j.rl.Spaces;
import lot4j.train.Split;

/** A walk through the levels of {@link GridLevels}. */
final class GridWalk implements Environment {
  private static final long LEVEL_CHOICE = 0x6c65766cL;
  private static final int TEST_LEVELS = Integer.MAX_VALUE;
  private static final int NONE = -1;

  private static final int WALL_PLANE = 0;
  private static final int AGENT_PLANE = 1;
  private static final int GOAL_PLANE = 2;
  private static final int SIGN_PLANE = 3;

  private final GridLevels spec;
  private final boolean testing;
  private final GridMaze maze;
  private final int cells;
  private final int decorPlane;
  private final Spaces spaces;
  private final byte[] planes;
  private final byte[] window;
  private long level = NONE;
  private int agent;
  private int shownSign;
  private int steps;

  GridWalk(GridLevels spec, Split split) {
    this.spec = spec;
    this.testing = split == Split.TEST;
    this.maze = new GridMaze(spec.size(), spec.walls(), spec.decor());
    this.cells = spec.size() * spec.size();
    this.decorPlane = SIGN_PLANE + (spec.arrow() ? GridMaze.DIRECTIONS : 0);
    int side = spec.view() == 0 ? spec.size() : spec.view();
    this.spaces =
        new Spaces(
            ObservationSpace.bytes(1, decorPlane + spec.decor(), side, side),
            new ActionSpace.Discrete(GridMaze.DIRECTIONS));
    this.planes = new byte[(decorPlane + spec.decor()) * cells];
    this.window = new byte[spec.view() == 0 ? 0 : spaces.observation().count()];
  }

  @Override
  public Spaces spaces() {
    return spaces;
  }

  @Override
  public void reset(long seed) {
    SmallRandom random = new SmallRandom(seed, LEVEL_CHOICE);
    enter(
        testing
            ? GridLevels.LAST_TRAINING_LEVEL + 1 + random.below(TEST_LEVELS)
            : random.below(spec.trainLevels()));
  }

  /** Begins a level. */
  void enter(long number) {
    maze.become(number, testing ? spec.cueTest() : spec.cueTrain());
    level = number;
    steps = 0;
    agent = maze.start();
    Arrays.fill(planes, (byte) 0);
    for (int cell = 0; cell < cells; cell++) {
      planes[WALL_PLANE * cells + cell] = (byte) (maze.wall(cell) ? 1 : 0);
    }
    planes[GOAL_PLANE * cells + maze.goal()] = 1;
    byte[] decor = maze.decor();
    System.arraycopy(decor, 0, planes, decorPlane * cells, decor.length);
    shownSign = NONE;
    show();
  }

  @Override
  public void step(float[] actions, int offset) {
    if (level == NONE || terminated() || truncated()) {
      throw new EnvironmentException(
          "grid-levels: step is not allowed "
              + (level == NONE ? "before" : "without")
              + " a reset");
    }
    planes[AGENT_PLANE * cells + agent] = 0;
    agent = maze.step(agent, (int) actions[offset]);
    steps++;
    show();
  }

  /** Brings what depends on the agent's place into the planes. */
  private void show() {
    planes[AGENT_PLANE * cells + agent] = 1;
    int sign = maze.sign(agent);
    if (spec.arrow() && sign != shownSign) {
      if (shownSign != NONE) {
        fillSign(shownSign, (byte) 0);
      }
      fillSign(sign, (byte) 1);
      shownSign = sign;
    }
  }

  private void fillSign(int direction, byte value) {
    int from = (SIGN_PLANE + direction) * cells;
    Arrays.fill(planes, from, from + cells, value);
  }

  @Override
  public void observe(ByteBuffer out) {
    if (spec.view() == 0) {
      out.put(planes);
    } else {
      look();
      out.put(window);
    }
  }

  /** Copies what lies around the agent; beyond the border there is nothing but wall. */
  private void look() {
    int side = spec.view();
    int size = spec.size();
    int top = agent / size - side / 2;
    int left = agent % size - side / 2;
    int from = Math.max(0, left);
    int width = Math.min(size, left + side) - from;
    Arrays.fill(window, (byte) 0);
    Arrays.fill(window, 0, side * side, (byte) 1);
    for (int plane = 0; plane < decorPlane + spec.decor(); plane++) {
      if (plane >= SIGN_PLANE && plane < decorPlane) {
        continue;
      }
      for (int row = Math.max(0, top); row < Math.min(size, top + side); row++) {
        System.arraycopy(
            planes,
            plane * cells + row * size + from,
            window,
            (plane * side + row - top) * side + from - left,
            width);
      }
    }
    if (spec.arrow()) {
      int sign = (SIGN_PLANE + shownSign) * side * side;
      Arrays.fill(window, sign, sign + side * side, (byte) 1);
    }
  }

  @Override
  public float reward() {
    return steps == 0 ? 0 : (float) (score() - spec.stepCost());
  }

  @Override
  public double score() {
    return terminated() ? 1 : 0;
  }

  @Override
  public boolean terminated() {
    return steps > 0 && agent == maze.goal();
  }

  @Override
  public boolean truncated() {
    return steps >= spec.maxSteps();
  }

  @Override
  public Optional<BufferedImage> render() {
    return level == NONE ? Optional.empty() : Optional.of(GridPicture.of(maze, spec, agent));
  }

  @Override
  public void save(StateWriter out) {
    out.number("level", level);
    out.number("agent", agent);
    out.number("steps", steps);
  }

  @Override
  public void restore(StateReader in) {
    long number = in.number("level");
    if (number == NONE) {
      level = NONE;
      steps = 0;
      return;
    }
    long place = in.number("agent");
    long taken = in.number("steps");
    enter(number);
    if (place < 0 || place >= cells || maze.wall((int) place) || taken < 0) {
      throw new CheckpointException(
          "grid-levels: agent = " + place + " is not allowed; a free cell of level " + number);
    }
    planes[AGENT_PLANE * cells + agent] = 0;
    agent = (int) place;
    steps = (int) taken;
    show();
  }

  /** The level being played. */
  long level() {
    return level;
  }

  /** Its maze. */
  GridMaze maze() {
    return maze;
  }

  /** The agent's cell. */
  int agent() {
    return agent;
  }
}
