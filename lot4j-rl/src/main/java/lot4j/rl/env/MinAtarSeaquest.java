package lot4j.rl.env;

import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.random.RandomStream;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentSpec;
import lot4j.train.Split;

/**
 * Seaquest on 10 by 10 cells. A submarine of two cells shoots fish and enemy submarines, 1 point
 * each, picks up divers (six at most) and runs out of oxygen under water. At the surface, the top
 * row, it has to give one diver back and gets its oxygen filled; with six it gives all back and
 * gets a point for each full tenth of its oxygen. Touching a fish, an enemy submarine or its
 * bullet, coming up without a diver, and no oxygen end the episode.
 *
 * <p>Oxygen lasts 200 frames, a shot takes 5. An enemy appears every 20 frames, a submarine with
 * probability 1/3, unless one goes the other way in its row; a diver every 30. All wait 5 frames
 * between two moves; submarines shoot every 11. With ramping, each time at the surface enemies
 * appear a frame more often and, every second time, wait a frame less, to no less than 2.
 *
 * <p>Channels: front of the submarine, its back, own bullet, trail (behind enemies and divers),
 * enemy bullet, fish, enemy submarine, oxygen (bottom row from the left), divers on board (bottom
 * row from column 8 to the left), diver. All actions do something. Rules: K. Young and T. Tian,
 * "MinAtar: An Atari-inspired testbed for thorough and reproducible reinforcement learning
 * experiments", arXiv 1903.03176, 2019, section 2, and the games' descriptions published with it.
 * As described there, giving six divers back leaves none; the released games count one less.
 *
 * @param sticky probability that the action of the step before is taken again, 0.1 there
 * @param ramping whether the difficulty rises
 * @param maxSteps after which an episode is cut off; no limit there
 */
public record MinAtarSeaquest(double sticky, boolean ramping, int maxSteps)
    implements EnvironmentSpec {
  public MinAtarSeaquest {
    MiniGrid.check(sticky, maxSteps);
  }

  /** As published, episodes of at most 5000 steps. */
  public static MinAtarSeaquest standard() {
    return new MinAtarSeaquest(0.1, true, 5000);
  }

  @Override
  public Environment make(Split split) {
    return new MiniGrid(new Game(ramping), sticky, maxSteps);
  }

  @Override
  public String title() {
    return "minatar-seaquest";
  }

  /** The rules. */
  static final class Game implements MiniGrid.Game {
    private static final int FRONT = 0;
    private static final int BACK = 1;
    private static final int BULLET = 2;
    private static final int TRAIL = 3;
    private static final int ENEMY_BULLET = 4;
    private static final int FISH = 5;
    private static final int ENEMY_SUBMARINE = 6;
    private static final int OXYGEN = 7;
    private static final int ON_BOARD = 8;
    private static final int DIVER = 9;

    private static final int FULL = 200;
    private static final int CREW = 6;
    private static final int ROWS = 8;
    private static final int SHOT_INTERVAL = 5;
    private static final int ENEMY_SHOT_WAIT = 10;
    private static final int ENEMY_INTERVAL = 20;
    private static final int DIVER_INTERVAL = 30;
    private static final int MOVE_WAIT = 5;
    private static final int LEAST_MOVE_WAIT = 2;

    private final boolean ramping;

    int x;
    int y;
    int facing;
    int oxygen;
    int onBoard;
    boolean surfaced;
    int untilShot;
    int untilEnemy;
    int untilDiver;
    int enemyInterval;
    int moveWait;
    int level;
    final Shoal bullets = new Shoal();
    final Shoal enemyBullets = new Shoal();
    final Shoal fish = new Shoal();
    final Shoal submarines = new Shoal();
    final Shoal divers = new Shoal();

    private boolean ended;

    Game(boolean ramping) {
      this.ramping = ramping;
    }

    @Override
    public void begin(RandomStream chance) {
      x = 5;
      y = 0;
      facing = -1;
      oxygen = FULL;
      onBoard = 0;
      surfaced = true;
      untilShot = 0;
      enemyInterval = ENEMY_INTERVAL;
      untilEnemy = ENEMY_INTERVAL;
      untilDiver = DIVER_INTERVAL;
      moveWait = MOVE_WAIT;
      level = 0;
      ended = false;
      bullets.count = 0;
      enemyBullets.count = 0;
      fish.count = 0;
      submarines.count = 0;
      divers.count = 0;
    }

    @Override
    public int play(int action, RandomStream chance) {
      spawn(chance);
      command(action);
      int reward = moveBullets();
      moveDivers();
      reward += moveEnemies(submarines, true);
      moveEnemyBullets();
      reward += moveEnemies(fish, false);
      untilEnemy--;
      untilDiver--;
      untilShot = Math.max(0, untilShot - 1);
      return reward + breathe();
    }

    private void spawn(RandomStream chance) {
      if (untilEnemy == 0) {
        untilEnemy = enemyInterval;
        int way = chance.below(2) == 0 ? 1 : -1;
        boolean submarine = chance.below(3) == 0;
        int row = 1 + chance.below(ROWS);
        if (!submarines.opposes(row, way) && !fish.opposes(row, way)) {
          (submarine ? submarines : fish).add(start(way), row, way, moveWait, ENEMY_SHOT_WAIT);
        }
      }
      if (untilDiver == 0) {
        untilDiver = DIVER_INTERVAL;
        int way = chance.below(2) == 0 ? 1 : -1;
        divers.add(start(way), 1 + chance.below(ROWS), way, MOVE_WAIT, 0);
      }
    }

    private static int start(int way) {
      return way > 0 ? 0 : MiniGrid.LAST;
    }

    private void command(int action) {
      switch (action) {
        case MiniGrid.LEFT -> swim(-1);
        case MiniGrid.RIGHT -> swim(1);
        case MiniGrid.UP -> y = Math.max(0, y - 1);
        case MiniGrid.DOWN -> y = Math.min(ROWS, y + 1);
        case MiniGrid.FIRE -> fire();
        default -> {}
      }
    }

    private void swim(int way) {
      x = MiniGrid.within(x + way, 0, MiniGrid.LAST);
      facing = way;
    }

    private void fire() {
      if (untilShot == 0) {
        untilShot = SHOT_INTERVAL;
        bullets.add(x, y, facing, 0, 0);
      }
    }

    private int moveBullets() {
      int hits = 0;
      for (int i = bullets.count - 1; i >= 0; i--) {
        if (!bullets.leaves(i)
            && (fish.take(bullets.x[i], bullets.y[i])
                || submarines.take(bullets.x[i], bullets.y[i]))) {
          bullets.remove(i);
          hits++;
        }
      }
      return hits;
    }

    private void moveDivers() {
      for (int i = divers.count - 1; i >= 0; i--) {
        if (rescued(i)) {
          continue;
        }
        if (divers.wait[i] > 0) {
          divers.wait[i]--;
        } else {
          divers.wait[i] = MOVE_WAIT;
          if (!divers.leaves(i)) {
            rescued(i);
          }
        }
      }
    }

    private boolean rescued(int diver) {
      boolean taken = onBoard < CREW && divers.at(diver, x, y);
      if (taken) {
        divers.remove(diver);
        onBoard++;
      }
      return taken;
    }

    private int moveEnemies(Shoal enemies, boolean armed) {
      int hits = 0;
      for (int i = enemies.count - 1; i >= 0; i--) {
        ended |= enemies.at(i, x, y);
        if (enemies.wait[i] > 0) {
          enemies.wait[i]--;
        } else {
          enemies.wait[i] = moveWait;
          if (enemies.leaves(i)) {
            continue;
          }
          if (enemies.at(i, x, y)) {
            ended = true;
          } else if (bullets.take(enemies.x[i], enemies.y[i])) {
            enemies.remove(i);
            hits++;
            continue;
          }
        }
        if (armed) {
          shoot(enemies, i);
        }
      }
      return hits;
    }

    private void shoot(Shoal enemies, int index) {
      if (enemies.reload[index] > 0) {
        enemies.reload[index]--;
      } else {
        enemies.reload[index] = ENEMY_SHOT_WAIT;
        enemyBullets.add(enemies.x[index], enemies.y[index], enemies.direction[index], 0, 0);
      }
    }

    private void moveEnemyBullets() {
      for (int i = enemyBullets.count - 1; i >= 0; i--) {
        ended |= enemyBullets.at(i, x, y);
        ended |= !enemyBullets.leaves(i) && enemyBullets.at(i, x, y);
      }
    }

    /** Oxygen that was used up in the frame before is the end, even at the surface. */
    private int breathe() {
      ended |= oxygen <= 0;
      if (y > 0) {
        oxygen--;
        surfaced = false;
        return 0;
      }
      if (surfaced) {
        return 0;
      }
      if (onBoard == 0) {
        ended = true;
        return 0;
      }
      return surface();
    }

    private int surface() {
      int reward = onBoard == CREW ? oxygenCells() : 0;
      surfaced = true;
      onBoard = onBoard == CREW ? 0 : onBoard - 1;
      oxygen = FULL;
      if (ramping && (enemyInterval > 1 || moveWait > LEAST_MOVE_WAIT)) {
        if (level % 2 == 1) {
          moveWait = Math.max(LEAST_MOVE_WAIT, moveWait - 1);
        }
        enemyInterval = Math.max(1, enemyInterval - 1);
        level++;
      }
      return reward;
    }

    private int oxygenCells() {
      return Math.max(0, oxygen) * MiniGrid.SIDE / FULL;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void draw(byte[] cells) {
      MiniGrid.mark(cells, FRONT, y, x);
      MiniGrid.markInside(cells, BACK, y, x - facing);
      MiniGrid.markRow(cells, OXYGEN, MiniGrid.LAST, (1 << oxygenCells()) - 1);
      MiniGrid.markRow(
          cells, ON_BOARD, MiniGrid.LAST, ((1 << onBoard) - 1) << MiniGrid.LAST - onBoard);
      bullets.draw(cells, BULLET);
      enemyBullets.draw(cells, ENEMY_BULLET);
      fish.draw(cells, FISH);
      fish.drawTrail(cells, TRAIL);
      submarines.draw(cells, ENEMY_SUBMARINE);
      submarines.drawTrail(cells, TRAIL);
      divers.draw(cells, DIVER);
      divers.drawTrail(cells, TRAIL);
    }

    @Override
    public int[] colours() {
      return new int[] {
        0x4C9BE8, 0x2F6B85, 0xFFFFFF, 0x505050, 0xE8863C, 0x6FBF73, 0xD94F4F, 0x8FD3F4, 0xE8C547,
        0xC77DD6
      };
    }

    @Override
    public void save(StateWriter out) {
      out.number("x", x);
      out.number("y", y);
      out.number("facing", facing);
      out.number("oxygen", oxygen);
      out.number("on-board", onBoard);
      out.number("surfaced", surfaced ? 1 : 0);
      out.number("until-shot", untilShot);
      out.number("until-enemy", untilEnemy);
      out.number("until-diver", untilDiver);
      out.number("enemy-interval", enemyInterval);
      out.number("move-wait", moveWait);
      out.number("level", level);
      out.number("ended", ended ? 1 : 0);
      bullets.save(out.section("bullets"));
      enemyBullets.save(out.section("enemy-bullets"));
      fish.save(out.section("fish"));
      submarines.save(out.section("submarines"));
      divers.save(out.section("divers"));
    }

    @Override
    public void restore(StateReader in) {
      x = MiniGrid.number(in, "x");
      y = MiniGrid.number(in, "y");
      facing = MiniGrid.number(in, "facing");
      oxygen = MiniGrid.number(in, "oxygen");
      onBoard = MiniGrid.number(in, "on-board");
      surfaced = in.number("surfaced") != 0;
      untilShot = MiniGrid.number(in, "until-shot");
      untilEnemy = MiniGrid.number(in, "until-enemy");
      untilDiver = MiniGrid.number(in, "until-diver");
      enemyInterval = MiniGrid.number(in, "enemy-interval");
      moveWait = MiniGrid.number(in, "move-wait");
      level = MiniGrid.number(in, "level");
      ended = in.number("ended") != 0;
      bullets.restore(in.section("bullets"));
      enemyBullets.restore(in.section("enemy-bullets"));
      fish.restore(in.section("fish"));
      submarines.restore(in.section("submarines"));
      divers.restore(in.section("divers"));
    }
  }
}
