package lot4j.rl.env;

import java.util.Arrays;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.train.Split;

/**
 * Asterix on 10 by 10 cells. The player moves freely over the eight middle rows, through each of
 * which an enemy or gold passes from one side to the other. Gold is 1 point, an enemy the end.
 *
 * <p>At first one appears every 10 frames, gold with probability 1/3, at either side of a row that
 * is free, and all move every 5 frames. With ramping, every 102 frames they appear a frame more
 * often and, every second time, move a frame more often, until both is every frame. Channels:
 * player, enemy, trail (behind enemies and gold), gold. All actions but fire do something. Rules:
 * K. Young and T. Tian, "MinAtar: An Atari-inspired testbed for thorough and reproducible
 * reinforcement learning experiments", arXiv 1903.03176, 2019, section 2, and the games'
 * descriptions published with it.
 *
 * @param sticky probability that the action of the step before is taken again, 0.1 there
 * @param ramping whether the difficulty rises
 * @param maxSteps after which an episode is cut off; no limit there
 */
public record MinAtarAsterix(double sticky, boolean ramping, int maxSteps)
    implements EnvironmentSpec {
  public MinAtarAsterix {
    MiniGrid.check(sticky, maxSteps);
  }

  /** As published, episodes of at most 5000 steps. */
  public static MinAtarAsterix standard() {
    return new MinAtarAsterix(0.1, true, 5000);
  }

  @Override
  public Environment make(Split split) {
    return new MiniGrid(new Game(ramping), sticky, maxSteps);
  }

  @Override
  public String title() {
    return "minatar-asterix";
  }

  /** The rules. */
  static final class Game implements MiniGrid.Game {
    static final int NOTHING = 0;
    static final int ENEMY = 1;
    static final int GOLD = 2;

    private static final int PLAYER_CHANNEL = 0;
    private static final int ENEMY_CHANNEL = 1;
    private static final int TRAIL_CHANNEL = 2;
    private static final int GOLD_CHANNEL = 3;

    private static final int LANES = 8;
    private static final int SPAWN_INTERVAL = 10;
    private static final int MOVE_INTERVAL = 5;
    private static final int RAMP_INTERVAL = 102;

    private final boolean ramping;

    int playerX;
    int playerY;

    /** What is in lane i, which is row i + 1. */
    final int[] kind = new int[LANES];

    /** Its column. */
    final int[] column = new int[LANES];

    /** Its direction, 1 or -1. */
    final int[] direction = new int[LANES];

    int spawnInterval;
    int moveInterval;
    int untilSpawn;
    int untilMove;
    int untilRamp;
    int level;

    private boolean ended;

    Game(boolean ramping) {
      this.ramping = ramping;
    }

    @Override
    public void begin(RandomStream chance) {
      playerX = 5;
      playerY = 5;
      Arrays.fill(kind, NOTHING);
      Arrays.fill(column, 0);
      Arrays.fill(direction, 1);
      spawnInterval = SPAWN_INTERVAL;
      moveInterval = MOVE_INTERVAL;
      untilSpawn = SPAWN_INTERVAL;
      untilMove = MOVE_INTERVAL;
      untilRamp = RAMP_INTERVAL;
      level = 0;
      ended = false;
    }

    @Override
    public int play(int action, RandomStream chance) {
      if (untilSpawn == 0) {
        untilSpawn = spawnInterval;
        spawn(chance);
      }
      walk(action);
      int reward = meet();
      if (untilMove == 0) {
        untilMove = moveInterval;
        move();
        reward += meet();
      }
      untilSpawn--;
      untilMove--;
      if (ramping && (spawnInterval > 1 || moveInterval > 1)) {
        ramp();
      }
      return reward;
    }

    private void walk(int action) {
      switch (action) {
        case MiniGrid.LEFT -> playerX = Math.max(0, playerX - 1);
        case MiniGrid.RIGHT -> playerX = Math.min(MiniGrid.LAST, playerX + 1);
        case MiniGrid.UP -> playerY = Math.max(1, playerY - 1);
        case MiniGrid.DOWN -> playerY = Math.min(LANES, playerY + 1);
        default -> {}
      }
    }

    /** Nothing appears where all lanes are taken. */
    private void spawn(RandomStream chance) {
      int free = 0;
      for (int what : kind) {
        free += what == NOTHING ? 1 : 0;
      }
      if (free == 0) {
        return;
      }
      boolean fromLeft = chance.below(2) == 0;
      boolean gold = chance.below(3) == 0;
      int lane = freeLane(chance.below(free));
      kind[lane] = gold ? GOLD : ENEMY;
      direction[lane] = fromLeft ? 1 : -1;
      column[lane] = fromLeft ? 0 : MiniGrid.LAST;
    }

    private int freeLane(int rank) {
      int lane = -1;
      for (int left = rank; left >= 0; left--) {
        do {
          lane++;
        } while (kind[lane] != NOTHING);
      }
      return lane;
    }

    private void move() {
      for (int lane = 0; lane < LANES; lane++) {
        if (kind[lane] != NOTHING) {
          column[lane] += direction[lane];
          if (column[lane] < 0 || column[lane] > MiniGrid.LAST) {
            kind[lane] = NOTHING;
          }
        }
      }
    }

    /** Looks at the player's cell: takes gold from it, ends at an enemy. */
    private int meet() {
      int lane = playerY - 1;
      if (kind[lane] == NOTHING || column[lane] != playerX) {
        return 0;
      }
      if (kind[lane] == GOLD) {
        kind[lane] = NOTHING;
        return 1;
      }
      ended = true;
      return 0;
    }

    private void ramp() {
      untilRamp--;
      if (untilRamp > 0) {
        return;
      }
      untilRamp = RAMP_INTERVAL;
      if (level % 2 == 1) {
        moveInterval = Math.max(1, moveInterval - 1);
      }
      spawnInterval = Math.max(1, spawnInterval - 1);
      level++;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void draw(byte[] cells) {
      MiniGrid.mark(cells, PLAYER_CHANNEL, playerY, playerX);
      for (int lane = 0; lane < LANES; lane++) {
        if (kind[lane] != NOTHING) {
          int channel = kind[lane] == GOLD ? GOLD_CHANNEL : ENEMY_CHANNEL;
          MiniGrid.mark(cells, channel, lane + 1, column[lane]);
          MiniGrid.markInside(cells, TRAIL_CHANNEL, lane + 1, column[lane] - direction[lane]);
        }
      }
    }

    @Override
    public int[] colours() {
      return new int[] {0x4C9BE8, 0xD94F4F, 0x606060, 0xE8C547};
    }

    @Override
    public void save(StateWriter out) {
      out.number("player-x", playerX);
      out.number("player-y", playerY);
      out.number("spawn-interval", spawnInterval);
      out.number("move-interval", moveInterval);
      out.number("until-spawn", untilSpawn);
      out.number("until-move", untilMove);
      out.number("until-ramp", untilRamp);
      out.number("level", level);
      out.number("ended", ended ? 1 : 0);
      MiniGrid.save(out, "kind", kind);
      MiniGrid.save(out, "column", column);
      MiniGrid.save(out, "direction", direction);
    }

    @Override
    public void restore(StateReader in) {
      playerX = MiniGrid.number(in, "player-x");
      playerY = MiniGrid.number(in, "player-y");
      spawnInterval = MiniGrid.number(in, "spawn-interval");
      moveInterval = MiniGrid.number(in, "move-interval");
      untilSpawn = MiniGrid.number(in, "until-spawn");
      untilMove = MiniGrid.number(in, "until-move");
      untilRamp = MiniGrid.number(in, "until-ramp");
      level = MiniGrid.number(in, "level");
      ended = in.number("ended") != 0;
      MiniGrid.restore(in, "kind", kind);
      MiniGrid.restore(in, "column", column);
      MiniGrid.restore(in, "direction", direction);
    }
  }
}
