package lot4j.rl.env;

import static lot4j.rl.env.MiniGrid.DOWN;
import static lot4j.rl.env.MiniGrid.FIRE;
import static lot4j.rl.env.MiniGrid.LEFT;
import static lot4j.rl.env.MiniGrid.NONE;
import static lot4j.rl.env.MiniGrid.RIGHT;
import static lot4j.rl.env.MiniGrid.UP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import org.junit.jupiter.api.Test;

class MinAtarAsterixTest {
  private static final int ENEMY = MinAtarAsterix.Game.ENEMY;
  private static final int GOLD = MinAtarAsterix.Game.GOLD;

  private final RandomStream chance = new Streams(1).named("environment");
  private MinAtarAsterix.Game game = new MinAtarAsterix.Game(true);

  /** The player alone, nothing due for a long time. */
  private void place(int x, int y) {
    game.begin(chance);
    game.playerX = x;
    game.playerY = y;
    game.untilSpawn = 1000;
    game.untilMove = 1000;
  }

  private void put(int kind, int row, int column, int direction) {
    game.kind[row - 1] = kind;
    game.column[row - 1] = column;
    game.direction[row - 1] = direction;
  }

  private int play(int action) {
    return game.play(action, chance);
  }

  @Test
  void beginsAloneInTheMiddle() {
    game.begin(chance);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("5,5");
    assertThat(MiniGridTest.channel(game, 1)).isEmpty();
    assertThat(MiniGridTest.channel(game, 2)).isEmpty();
    assertThat(MiniGridTest.channel(game, 3)).isEmpty();
  }

  @Test
  void movesInFourDirectionsWithinTheEightRows() {
    place(1, 2);
    play(LEFT);
    play(LEFT);
    play(UP);
    play(UP);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("1,0");
    play(RIGHT);
    play(DOWN);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("2,1");
    play(NONE);
    play(FIRE);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("2,1");
    place(9, 8);
    play(RIGHT);
    play(DOWN);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("8,9");
  }

  @Test
  void channelsShowEnemiesGoldAndTheirTrails() {
    place(5, 5);
    put(ENEMY, 1, 4, 1);
    put(GOLD, 2, 4, -1);
    put(ENEMY, 3, 0, 1);
    put(GOLD, 4, 9, -1);
    assertThat(MiniGridTest.channel(game, 1)).isEqualTo("1,4 3,0");
    assertThat(MiniGridTest.channel(game, 3)).isEqualTo("2,4 4,9");
    assertThat(MiniGridTest.channel(game, 2)).isEqualTo("1,3 2,5");
  }

  @Test
  void goldIsAPointAndGone() {
    place(5, 5);
    put(GOLD, 5, 6, 1);
    assertThat(play(RIGHT)).isEqualTo(1);
    assertThat(game.kind).containsOnly(0);
    assertThat(game.ended()).isFalse();
    assertThat(play(NONE)).isZero();
  }

  @Test
  void goldThatMovesToThePlayerIsAPoint() {
    place(5, 5);
    put(GOLD, 5, 6, -1);
    game.untilMove = 0;
    assertThat(play(NONE)).isEqualTo(1);
    assertThat(game.kind).containsOnly(0);
  }

  @Test
  void walkingIntoAnEnemyIsTheEnd() {
    place(5, 5);
    put(ENEMY, 5, 6, 1);
    assertThat(play(RIGHT)).isZero();
    assertThat(game.ended()).isTrue();
  }

  @Test
  void anEnemyThatMovesToThePlayerIsTheEnd() {
    place(5, 5);
    put(ENEMY, 5, 4, 1);
    put(ENEMY, 4, 5, 1);
    play(NONE);
    assertThat(game.ended()).isFalse();
    game.untilMove = 0;
    play(NONE);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void allMoveEveryFiveFramesAndLeaveAtTheSides() {
    place(5, 8);
    put(ENEMY, 1, 8, 1);
    put(GOLD, 2, 1, -1);
    game.untilMove = 5;
    for (int frame = 1; frame <= 5; frame++) {
      play(NONE);
      assertThat(MiniGridTest.channel(game, 1)).isEqualTo("1,8");
    }
    play(NONE);
    assertThat(MiniGridTest.channel(game, 1)).isEqualTo("1,9");
    assertThat(MiniGridTest.channel(game, 3)).isEqualTo("2,0");
    for (int frame = 1; frame <= 4; frame++) {
      play(NONE);
      assertThat(MiniGridTest.channel(game, 1)).isEqualTo("1,9");
    }
    play(NONE);
    assertThat(game.kind).containsOnly(0);
  }

  @Test
  void oneAppearsEveryTenFrames() {
    place(5, 5);
    game.untilSpawn = 10;
    int[] expected = new int[41];
    int[] seen = new int[41];
    for (int frame = 1; frame <= 40; frame++) {
      play(NONE);
      expected[frame] = (frame - 1) / 10;
      seen[frame] = (int) Arrays.stream(game.kind).filter(kind -> kind != 0).count();
    }
    assertThat(seen).containsExactly(expected);
  }

  @Test
  void appearsAtEitherSideOfEveryFreeRowGoldInAThird() {
    int left = 0;
    int gold = 0;
    int[] rows = new int[8];
    for (int i = 0; i < 6000; i++) {
      place(5, 5);
      put(ENEMY, 3, 9, 1);
      put(GOLD, 7, 9, 1);
      game.untilSpawn = 0;
      play(NONE);
      for (int lane = 0; lane < 8; lane++) {
        if (lane != 2 && lane != 6 && game.kind[lane] != 0) {
          rows[lane]++;
          gold += game.kind[lane] == GOLD ? 1 : 0;
          left += game.column[lane] == 0 ? 1 : 0;
          assertThat(game.direction[lane]).isEqualTo(game.column[lane] == 0 ? 1 : -1);
          assertThat(game.column[lane]).isIn(0, 9);
        }
      }
    }
    assertThat(left).isBetween(2850, 3150);
    assertThat(gold).isBetween(1850, 2150);
    for (int lane = 0; lane < 8; lane++) {
      if (lane == 2 || lane == 6) {
        assertThat(rows[lane]).isZero();
      } else {
        assertThat(rows[lane]).isBetween(880, 1120);
      }
    }
  }

  @Test
  void nothingAppearsWhereAllRowsAreTaken() {
    place(5, 5);
    for (int row = 1; row <= 8; row++) {
      put(GOLD, row, 9, -1);
    }
    game.untilSpawn = 0;
    play(NONE);
    assertThat(game.kind).containsOnly(GOLD);
    assertThat(game.column).containsOnly(9);
  }

  @Test
  void everyRampShortensSpawningAndEverySecondMoving() {
    place(5, 5);
    int[][] expected = {{9, 5}, {8, 4}, {7, 4}, {6, 3}, {5, 3}, {4, 2}, {3, 2}, {2, 1}, {1, 1}};
    for (int[] intervals : expected) {
      for (int frame = 1; frame <= 101; frame++) {
        quiet();
      }
      int before = game.spawnInterval;
      assertThat(before).isEqualTo(intervals[0] + 1);
      quiet();
      assertThat(game.spawnInterval).isEqualTo(intervals[0]);
      assertThat(game.moveInterval).isEqualTo(intervals[1]);
    }
    for (int frame = 1; frame <= 300; frame++) {
      quiet();
    }
    assertThat(game.spawnInterval).isEqualTo(1);
    assertThat(game.moveInterval).isEqualTo(1);
  }

  @Test
  void doesNotRampWhereItShallNot() {
    game = new MinAtarAsterix.Game(false);
    place(5, 5);
    for (int frame = 1; frame <= 500; frame++) {
      quiet();
    }
    assertThat(game.spawnInterval).isEqualTo(10);
    assertThat(game.moveInterval).isEqualTo(5);
  }

  private void quiet() {
    game.untilSpawn = 1000;
    game.untilMove = 1000;
    play(NONE);
  }
}
