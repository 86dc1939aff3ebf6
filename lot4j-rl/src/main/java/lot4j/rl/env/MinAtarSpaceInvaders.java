package lot4j.rl.env;

import java.util.Arrays;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.train.Split;

/**
 * Space Invaders on 10 by 10 cells. A cannon at the bottom shoots at a block of 4 by 6 aliens, 1
 * point each, once in 5 frames. The aliens march sideways; where one is at the edge they all go
 * down a row and turn. Every 10 frames the lowest alien of the column nearest to the cannon drops a
 * bullet. An alien or a bullet that meets the cannon ends the episode, and so does a block that
 * would march off the bottom.
 *
 * <p>The aliens move once in 12 frames, more often when fewer than 12 are left: then once in as
 * many frames as there are aliens. With ramping, each block that is cleared takes a frame off the
 * 12, to no less than 6. Channels: cannon, alien, alien going left, alien going right, own bullet,
 * alien bullet. Actions that do something: left, right, fire. Rules: K. Young and T. Tian,
 * "MinAtar: An Atari-inspired testbed for thorough and reproducible reinforcement learning
 * experiments", arXiv 1903.03176, 2019, section 2, and the games' descriptions published with it.
 *
 * @param sticky probability that the action of the step before is taken again, 0.1 there
 * @param ramping whether each block that is cleared makes the next one faster
 * @param maxSteps after which an episode is cut off; no limit there
 */
public record MinAtarSpaceInvaders(double sticky, boolean ramping, int maxSteps)
    implements EnvironmentSpec {
  public MinAtarSpaceInvaders {
    MiniGrid.check(sticky, maxSteps);
  }

  /** As published, episodes of at most 5000 steps. */
  public static MinAtarSpaceInvaders standard() {
    return new MinAtarSpaceInvaders(0.1, true, 5000);
  }

  @Override
  public Environment make(Split split) {
    return new MiniGrid(new Game(ramping), sticky, maxSteps);
  }

  @Override
  public String title() {
    return "minatar-space-invaders";
  }

  /** The rules. Each kind of object is a bit a cell, a number a row; bit 0 is the left column. */
  static final class Game implements MiniGrid.Game {
    private static final int CANNON = 0;
    private static final int ALIEN = 1;
    private static final int GOING_LEFT = 2;
    private static final int GOING_RIGHT = 3;
    private static final int BULLET = 4;
    private static final int BOMB = 5;

    private static final int SHOT_INTERVAL = 5;
    private static final int BOMB_INTERVAL = 10;
    private static final int MARCH_INTERVAL = 12;
    private static final int LEAST_MARCH_INTERVAL = 6;
    private static final int BLOCK_ROWS = 4;
    private static final int BLOCK_ROW = 0b0011111100;
    private static final int RIGHT_EDGE = 1 << MiniGrid.LAST;

    private final boolean ramping;

    int cannon;
    int direction;
    int marchInterval;
    int untilShot;
    int untilMarch;
    int untilBomb;
    final int[] aliens = new int[MiniGrid.SIDE];
    final int[] bullets = new int[MiniGrid.SIDE];
    final int[] bombs = new int[MiniGrid.SIDE];

    private boolean ended;

    Game(boolean ramping) {
      this.ramping = ramping;
    }

    @Override
    public void begin(RandomStream chance) {
      cannon = 5;
      direction = -1;
      marchInterval = MARCH_INTERVAL;
      untilShot = 0;
      untilMarch = MARCH_INTERVAL;
      untilBomb = BOMB_INTERVAL;
      ended = false;
      Arrays.fill(aliens, 0);
      Arrays.fill(bullets, 0);
      Arrays.fill(bombs, 0);
      lineUp();
    }

    private void lineUp() {
      Arrays.fill(aliens, 0, BLOCK_ROWS, BLOCK_ROW);
    }

    @Override
    public int play(int action, RandomStream chance) {
      command(action);
      System.arraycopy(bombs, 0, bombs, 1, MiniGrid.LAST);
      bombs[0] = 0;
      meet(bombs);
      meet(aliens);
      if (untilMarch == 0) {
        untilMarch = Math.min(count(), marchInterval);
        march();
        meet(aliens);
      }
      if (untilBomb == 0) {
        untilBomb = BOMB_INTERVAL;
        bomb();
      }
      int reward = hits();
      untilShot = Math.max(0, untilShot - 1);
      untilMarch--;
      untilBomb--;
      if (count() == 0) {
        if (ramping && marchInterval > LEAST_MARCH_INTERVAL) {
          marchInterval--;
        }
        lineUp();
      }
      return reward;
    }

    /** Moves or fires; a bullet leaves the cannon in the frame in which it is fired. */
    private void command(int action) {
      System.arraycopy(bullets, 1, bullets, 0, MiniGrid.LAST);
      bullets[MiniGrid.LAST] = 0;
      if (action == MiniGrid.LEFT) {
        cannon = Math.max(0, cannon - 1);
      } else if (action == MiniGrid.RIGHT) {
        cannon = Math.min(MiniGrid.LAST, cannon + 1);
      } else if (action == MiniGrid.FIRE && untilShot == 0) {
        bullets[MiniGrid.LAST - 1] |= 1 << cannon;
        untilShot = SHOT_INTERVAL;
      }
    }

    private void meet(int[] objects) {
      ended |= (objects[MiniGrid.LAST] >> cannon & 1) == 1;
    }

    private void march() {
      int occupied = 0;
      for (int bits : aliens) {
        occupied |= bits;
      }
      if ((occupied & (direction < 0 ? 1 : RIGHT_EDGE)) != 0) {
        direction = -direction;
        ended |= aliens[MiniGrid.LAST] != 0;
        System.arraycopy(aliens, 0, aliens, 1, MiniGrid.LAST);
        aliens[0] = 0;
        return;
      }
      for (int row = 0; row < MiniGrid.SIDE; row++) {
        aliens[row] = direction < 0 ? aliens[row] >> 1 : aliens[row] << 1;
      }
    }

    /** The nearest column with aliens drops a bullet, of two the left one. */
    private void bomb() {
      for (int distance = 0; distance < MiniGrid.SIDE; distance++) {
        if (bombFrom(cannon - distance) || bombFrom(cannon + distance)) {
          return;
        }
      }
    }

    private boolean bombFrom(int column) {
      if (column < 0 || column > MiniGrid.LAST) {
        return false;
      }
      for (int row = MiniGrid.LAST; row >= 0; row--) {
        if ((aliens[row] >> column & 1) == 1) {
          bombs[row] |= 1 << column;
          return true;
        }
      }
      return false;
    }

    private int hits() {
      int hits = 0;
      for (int row = 0; row < MiniGrid.SIDE; row++) {
        int hit = aliens[row] & bullets[row];
        aliens[row] ^= hit;
        bullets[row] ^= hit;
        hits += Integer.bitCount(hit);
      }
      return hits;
    }

    private int count() {
      int count = 0;
      for (int bits : aliens) {
        count += Integer.bitCount(bits);
      }
      return count;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void draw(byte[] cells) {
      MiniGrid.mark(cells, CANNON, MiniGrid.LAST, cannon);
      int way = direction < 0 ? GOING_LEFT : GOING_RIGHT;
      for (int row = 0; row < MiniGrid.SIDE; row++) {
        MiniGrid.markRow(cells, ALIEN, row, aliens[row]);
        MiniGrid.markRow(cells, way, row, aliens[row]);
        MiniGrid.markRow(cells, BULLET, row, bullets[row]);
        MiniGrid.markRow(cells, BOMB, row, bombs[row]);
      }
    }

    @Override
    public int[] colours() {
      return new int[] {0x4C9BE8, 0x808080, 0x6FBF73, 0xB0C24A, 0xFFFFFF, 0xE05A47};
    }

    @Override
    public void save(StateWriter out) {
      out.number("cannon", cannon);
      out.number("direction", direction);
      out.number("march-interval", marchInterval);
      out.number("until-shot", untilShot);
      out.number("until-march", untilMarch);
      out.number("until-bomb", untilBomb);
      out.number("ended", ended ? 1 : 0);
      MiniGrid.save(out, "aliens", aliens);
      MiniGrid.save(out, "bullets", bullets);
      MiniGrid.save(out, "bombs", bombs);
    }

    @Override
    public void restore(StateReader in) {
      cannon = MiniGrid.number(in, "cannon");
      direction = MiniGrid.number(in, "direction");
      marchInterval = MiniGrid.number(in, "march-interval");
      untilShot = MiniGrid.number(in, "until-shot");
      untilMarch = MiniGrid.number(in, "until-march");
      untilBomb = MiniGrid.number(in, "until-bomb");
      ended = in.number("ended") != 0;
      MiniGrid.restore(in, "aliens", aliens);
      MiniGrid.restore(in, "bullets", bullets);
      MiniGrid.restore(in, "bombs", bombs);
    }
  }
}
