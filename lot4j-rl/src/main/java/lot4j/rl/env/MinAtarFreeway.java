package lot4j.rl.env;

import java.util.Arrays;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.train.Split;

/**
 * Freeway on 10 by 10 cells. A chicken crosses eight lanes with a car each, from the bottom row to
 * the top, for 1 point a crossing; it can move once in 3 frames, and a car that meets it puts it
 * back to the bottom. After a crossing every car draws a new direction and speed. The episode ends
 * after 2500 frames.
 *
 * <p>Channels: chicken, car, and five trails, one of which is set behind a car: the one of its
 * speed from 1 to 5. A car of speed n waits n frames between two moves, as in the released games;
 * at a side it comes back at the other. Actions that do something: up, down. Rules: K. Young and T.
 * Tian, "MinAtar: An Atari-inspired testbed for thorough and reproducible reinforcement learning
 * experiments", arXiv 1903.03176, 2019, section 2, and the games' descriptions published with it.
 *
 * @param sticky probability that the action of the step before is taken again, 0.1 there
 * @param ramping whether the difficulty rises; this game has but one difficulty
 * @param maxSteps after which an episode is cut off; no limit there
 */
public record MinAtarFreeway(double sticky, boolean ramping, int maxSteps)
    implements EnvironmentSpec {
  public MinAtarFreeway {
    MiniGrid.check(sticky, maxSteps);
  }

  /** As published; the limit of 5000 steps is never reached. */
  public static MinAtarFreeway standard() {
    return new MinAtarFreeway(0.1, true, 5000);
  }

  @Override
  public Environment make(Split split) {
    return new MiniGrid(new Game(), sticky, maxSteps);
  }

  @Override
  public String title() {
    return "minatar-freeway";
  }

  /** The rules. */
  static final class Game implements MiniGrid.Game {
    private static final int CHICKEN = 0;
    private static final int CAR = 1;

    private static final int FRAMES = 2500;
    private static final int MOVE_INTERVAL = 3;
    private static final int LANES = 8;
    private static final int SLOWEST = 5;

    /** The column that the chicken keeps to. */
    private static final int CROSSING = 4;

    int row;
    int rest;
    int framesLeft;

    /** Of the car in lane i, which is row i + 1: its column. */
    final int[] column = new int[LANES];

    /** Its direction, 1 or -1. */
    final int[] direction = new int[LANES];

    /** Its speed, 1 to 5, the fastest first. */
    final int[] speed = new int[LANES];

    /** Frames until it moves. */
    final int[] wait = new int[LANES];

    @Override
    public void begin(RandomStream chance) {
      row = MiniGrid.LAST;
      rest = MOVE_INTERVAL;
      framesLeft = FRAMES;
      Arrays.fill(column, 0);
      drawSpeeds(chance);
    }

    private void drawSpeeds(RandomStream chance) {
      for (int lane = 0; lane < LANES; lane++) {
        speed[lane] = 1 + chance.below(SLOWEST);
        direction[lane] = chance.below(2) == 0 ? -1 : 1;
        wait[lane] = speed[lane];
      }
    }

    @Override
    public int play(int action, RandomStream chance) {
      if (rest > 0) {
        rest--;
      } else if (action == MiniGrid.UP || action == MiniGrid.DOWN) {
        row = Math.min(MiniGrid.LAST, row + (action == MiniGrid.UP ? -1 : 1));
        rest = MOVE_INTERVAL - 1;
      }
      int reward = 0;
      if (row == 0) {
        reward = 1;
        row = MiniGrid.LAST;
        drawSpeeds(chance);
      }
      drive();
      framesLeft--;
      return reward;
    }

    private void drive() {
      for (int lane = 0; lane < LANES; lane++) {
        boolean hit = meets(lane);
        if (wait[lane] > 0) {
          wait[lane]--;
        } else {
          wait[lane] = speed[lane];
          column[lane] = around(column[lane] + direction[lane]);
          hit |= meets(lane);
        }
        if (hit) {
          row = MiniGrid.LAST;
        }
      }
    }

    private boolean meets(int lane) {
      return row == lane + 1 && column[lane] == CROSSING;
    }

    private static int around(int position) {
      return (position + MiniGrid.SIDE) % MiniGrid.SIDE;
    }

    @Override
    public boolean ended() {
      return framesLeft <= 0;
    }

    @Override
    public void draw(byte[] cells) {
      MiniGrid.mark(cells, CHICKEN, row, CROSSING);
      for (int lane = 0; lane < LANES; lane++) {
        MiniGrid.mark(cells, CAR, lane + 1, column[lane]);
        MiniGrid.mark(cells, CAR + speed[lane], lane + 1, around(column[lane] - direction[lane]));
      }
    }

    @Override
    public int[] colours() {
      return new int[] {0xFFFFFF, 0xD94F4F, 0xC9C23A, 0x93B83E, 0x5FA55A, 0x3F8C75, 0x2F6B85};
    }

    @Override
    public void save(StateWriter out) {
      out.number("row", row);
      out.number("rest", rest);
      out.number("frames-left", framesLeft);
      MiniGrid.save(out, "column", column);
      MiniGrid.save(out, "direction", direction);
      MiniGrid.save(out, "speed", speed);
      MiniGrid.save(out, "wait", wait);
    }

    @Override
    public void restore(StateReader in) {
      row = MiniGrid.number(in, "row");
      rest = MiniGrid.number(in, "rest");
      framesLeft = MiniGrid.number(in, "frames-left");
      MiniGrid.restore(in, "column", column);
      MiniGrid.restore(in, "direction", direction);
      MiniGrid.restore(in, "speed", speed);
      MiniGrid.restore(in, "wait", wait);
    }
  }
}
