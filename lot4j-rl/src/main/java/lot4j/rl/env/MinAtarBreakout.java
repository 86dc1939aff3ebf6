package lot4j.rl.env;

import java.util.Arrays;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.train.Split;

/**
 * Breakout on 10 by 10 cells. A ball that travels along diagonals breaks three rows of bricks, 1
 * point each; a paddle at the bottom keeps it in play. Where the ball meets the paddle from above
 * it goes on to the same side, where it meets the paddle's flank it goes back; below the paddle the
 * episode has ended. When no brick is left, three rows come back as the ball reaches the bottom.
 *
 * <p>Channels: paddle, ball, trail (where the ball was), brick. Actions that do something: left,
 * right. Rules: K. Young and T. Tian, "MinAtar: An Atari-inspired testbed for thorough and
 * reproducible reinforcement learning experiments", arXiv 1903.03176, 2019, section 2, and the
 * games' descriptions published with it.
 *
 * @param sticky probability that the action of the step before is taken again, 0.1 there
 * @param ramping whether the difficulty rises; this game has but one difficulty
 * @param maxSteps after which an episode is cut off; no limit there
 */
public record MinAtarBreakout(double sticky, boolean ramping, int maxSteps)
    implements EnvironmentSpec {
  public MinAtarBreakout {
    MiniGrid.check(sticky, maxSteps);
  }

  /** As published, episodes of at most 5000 steps. */
  public static MinAtarBreakout standard() {
    return new MinAtarBreakout(0.1, true, 5000);
  }

  @Override
  public Environment make(Split split) {
    return new MiniGrid(new Game(), sticky, maxSteps);
  }

  @Override
  public String title() {
    return "minatar-breakout";
  }

  /** The rules. */
  static final class Game implements MiniGrid.Game {
    private static final int PADDLE = 0;
    private static final int BALL = 1;
    private static final int TRAIL = 2;
    private static final int BRICK = 3;

    private static final int TOP_BRICKS = 1;
    private static final int BRICK_ROWS = 3;
    private static final int FULL_ROW = (1 << MiniGrid.SIDE) - 1;

    int paddle;
    int ballX;
    int ballY;
    int stepX;
    int stepY;
    int trailX;
    int trailY;

    /** A ball that has just broken a brick passes others until it is free of them. */
    boolean touching;

    /** Rows from the highest, a bit a brick; bit 0 is the left column. */
    final int[] bricks = new int[BRICK_ROWS];

    private boolean ended;

    @Override
    public void begin(RandomStream chance) {
      boolean fromLeft = chance.below(2) == 0;
      paddle = 4;
      ballX = fromLeft ? 0 : MiniGrid.LAST;
      ballY = 3;
      stepX = fromLeft ? 1 : -1;
      stepY = 1;
      trailX = ballX;
      trailY = ballY;
      touching = false;
      ended = false;
      Arrays.fill(bricks, FULL_ROW);
    }

    @Override
    public int play(int action, RandomStream chance) {
      if (action == MiniGrid.LEFT) {
        paddle = Math.max(0, paddle - 1);
      } else if (action == MiniGrid.RIGHT) {
        paddle = Math.min(MiniGrid.LAST, paddle + 1);
      }
      trailX = ballX;
      trailY = ballY;
      ballX += stepX;
      ballY += stepY;
      if (ballX < 0 || ballX > MiniGrid.LAST) {
        ballX = trailX;
        stepX = -stepX;
      }
      if (ballY < 0) {
        ballY = 0;
        stepY = 1;
      } else if (brick(ballY, ballX)) {
        return strike();
      } else if (ballY == MiniGrid.LAST) {
        bottom();
      }
      touching = false;
      return 0;
    }

    private int strike() {
      if (touching) {
        return 0;
      }
      touching = true;
      bricks[ballY - TOP_BRICKS] &= ~(1 << ballX);
      ballY = trailY;
      stepY = -stepY;
      return 1;
    }

    private void bottom() {
      if ((bricks[0] | bricks[1] | bricks[2]) == 0) {
        Arrays.fill(bricks, FULL_ROW);
      }
      if (trailX == paddle) {
        stepY = -1;
        ballY = trailY;
      } else if (ballX == paddle) {
        stepX = -stepX;
        stepY = -1;
        ballY = trailY;
      } else {
        ended = true;
      }
    }

    private boolean brick(int row, int column) {
      int below = row - TOP_BRICKS;
      return below >= 0 && below < BRICK_ROWS && (bricks[below] >> column & 1) == 1;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void draw(byte[] cells) {
      MiniGrid.mark(cells, PADDLE, MiniGrid.LAST, paddle);
      MiniGrid.mark(cells, BALL, ballY, ballX);
      MiniGrid.mark(cells, TRAIL, trailY, trailX);
      for (int row = 0; row < BRICK_ROWS; row++) {
        MiniGrid.markRow(cells, BRICK, row + TOP_BRICKS, bricks[row]);
      }
    }

    @Override
    public int[] colours() {
      return new int[] {0x4C9BE8, 0xFFFFFF, 0x707070, 0xD9663B};
    }

    @Override
    public void save(StateWriter out) {
      out.number("paddle", paddle);
      out.number("ball-x", ballX);
      out.number("ball-y", ballY);
      out.number("step-x", stepX);
      out.number("step-y", stepY);
      out.number("trail-x", trailX);
      out.number("trail-y", trailY);
      out.number("touching", touching ? 1 : 0);
      out.number("ended", ended ? 1 : 0);
      MiniGrid.save(out, "bricks", bricks);
    }

    @Override
    public void restore(StateReader in) {
      paddle = MiniGrid.number(in, "paddle");
      ballX = MiniGrid.number(in, "ball-x");
      ballY = MiniGrid.number(in, "ball-y");
      stepX = MiniGrid.number(in, "step-x");
      stepY = MiniGrid.number(in, "step-y");
      trailX = MiniGrid.number(in, "trail-x");
      trailY = MiniGrid.number(in, "trail-y");
      touching = in.number("touching") != 0;
      ended = in.number("ended") != 0;
      MiniGrid.restore(in, "bricks", bricks);
    }
  }
}
