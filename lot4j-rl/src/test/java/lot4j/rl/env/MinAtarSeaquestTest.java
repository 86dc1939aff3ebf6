package lot4j.rl.env;

import static lot4j.rl.env.MiniGrid.DOWN;
import static lot4j.rl.env.MiniGrid.FIRE;
import static lot4j.rl.env.MiniGrid.LEFT;
import static lot4j.rl.env.MiniGrid.NONE;
import static lot4j.rl.env.MiniGrid.RIGHT;
import static lot4j.rl.env.MiniGrid.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lot4j.checkpoint.CheckpointException;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import org.junit.jupiter.api.Test;

class MinAtarSeaquestTest {
  private static final int LATER = 1000;

  private final RandomStream chance = new Streams(1).named("environment");
  private MinAtarSeaquest.Game game = new MinAtarSeaquest.Game(true);

  /** The submarine alone under water, nothing due for a long time. */
  private void place(int x, int y) {
    game.begin(chance);
    game.x = x;
    game.y = y;
    game.surfaced = y == 0;
    game.untilEnemy = LATER;
    game.untilDiver = LATER;
  }

  private int play(int action) {
    return game.play(action, chance);
  }

  private String channel(int channel) {
    return MiniGridTest.channel(game, channel);
  }

  @Test
  void beginsAtTheSurfaceFacingLeftWithAllOxygen() {
    game.begin(chance);
    assertThat(channel(0)).isEqualTo("0,5");
    assertThat(channel(1)).isEqualTo("0,6");
    assertThat(channel(7)).isEqualTo("9,0 9,1 9,2 9,3 9,4 9,5 9,6 9,7 9,8 9,9");
    for (int empty : new int[] {2, 3, 4, 5, 6, 8, 9}) {
      assertThat(channel(empty)).isEmpty();
    }
  }

  @Test
  void movesWithinItsRowsAndFacesWhereItGoes() {
    place(1, 7);
    play(LEFT);
    play(LEFT);
    play(DOWN);
    play(DOWN);
    assertThat(channel(0)).isEqualTo("8,0");
    assertThat(channel(1)).isEqualTo("8,1");
    play(RIGHT);
    assertThat(channel(0)).isEqualTo("8,1");
    assertThat(channel(1)).isEqualTo("8,0");
    play(UP);
    assertThat(channel(0)).isEqualTo("7,1");
    assertThat(channel(1)).isEqualTo("7,0");
    place(9, 4);
    play(RIGHT);
    assertThat(channel(0)).isEqualTo("4,9");
  }

  @Test
  void channelsShowEachKindItsTrailAndTheDiversOnBoard() {
    place(5, 5);
    game.onBoard = 2;
    game.bullets.add(1, 1, 1, 0, 0);
    game.enemyBullets.add(2, 2, 1, 0, 0);
    game.fish.add(3, 3, 1, 5, 0);
    game.submarines.add(4, 4, -1, 5, 5);
    game.divers.add(6, 6, 1, 5, 0);
    game.divers.add(0, 8, 1, 5, 0);
    assertThat(channel(2)).isEqualTo("1,1");
    assertThat(channel(3)).isEqualTo("3,2 4,5 6,5");
    assertThat(channel(4)).isEqualTo("2,2");
    assertThat(channel(5)).isEqualTo("3,3");
    assertThat(channel(6)).isEqualTo("4,4");
    assertThat(channel(8)).isEqualTo("9,7 9,8");
    assertThat(channel(9)).isEqualTo("6,6 8,0");
  }

  @Test
  void shootsAheadOnceInFiveFrames() {
    place(5, 5);
    game.facing = 1;
    play(FIRE);
    assertThat(channel(2)).isEqualTo("5,6");
    for (int i = 0; i < 4; i++) {
      play(FIRE);
    }
    assertThat(channel(2)).isEmpty();
    game.x = 2;
    game.facing = -1;
    play(FIRE);
    assertThat(channel(2)).isEqualTo("5,1");
  }

  @Test
  void aBulletTakesAFishForAPoint() {
    place(5, 5);
    game.facing = 1;
    game.fish.add(6, 5, -1, 3, 0);
    assertThat(play(FIRE)).isEqualTo(1);
    assertThat(game.fish.count).isZero();
    assertThat(game.bullets.count).isZero();
  }

  @Test
  void aBulletTakesAnEnemySubmarineForAPoint() {
    place(5, 5);
    game.bullets.add(7, 5, 1, 0, 0);
    game.submarines.add(8, 5, -1, 3, 3);
    assertThat(play(NONE)).isEqualTo(1);
    assertThat(game.submarines.count).isZero();
    assertThat(game.bullets.count).isZero();
  }

  @Test
  void anEnemyThatMovesIntoABulletIsAPoint() {
    place(1, 1);
    game.bullets.add(5, 5, 1, 0, 0);
    game.fish.add(7, 5, -1, 0, 0);
    game.bullets.add(5, 6, 1, 0, 0);
    game.submarines.add(7, 6, -1, 0, 0);
    assertThat(play(NONE)).isEqualTo(2);
    assertThat(game.fish.count + game.submarines.count + game.bullets.count).isZero();
    // What was hit shoots no more.
    assertThat(game.enemyBullets.count).isZero();
  }

  @Test
  void enemiesMoveEverySixFramesAndLeaveAtTheSides() {
    place(1, 1);
    game.fish.add(1, 5, -1, 5, 0);
    int[] columns = new int[11];
    for (int i = 0; i < 11; i++) {
      play(NONE);
      columns[i] = game.fish.x[0];
    }
    assertThat(columns).containsExactly(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    play(NONE);
    assertThat(game.fish.count).isZero();
  }

  @Test
  void enemySubmarinesShootEveryElevenFramesAhead() {
    place(1, 1);
    game.submarines.add(2, 5, 1, LATER, 0);
    StringBuilder shots = new StringBuilder();
    for (int i = 0; i < 23; i++) {
      int before = game.enemyBullets.count;
      play(NONE);
      shots.append(game.enemyBullets.count > before ? '*' : '.');
      if (i == 0) {
        assertThat(channel(4)).isEqualTo("5,3");
      }
      if (i == 1) {
        assertThat(channel(4)).isEqualTo("5,4");
      }
    }
    assertThat(shots).hasToString("*..........*..........*");
  }

  @Test
  void fishDoNotShoot() {
    place(1, 1);
    game.fish.add(2, 5, 1, LATER, 0);
    for (int i = 0; i < 20; i++) {
      play(NONE);
    }
    assertThat(game.enemyBullets.count).isZero();
  }

  @Test
  void touchingAnEnemyIsTheEnd() {
    place(5, 5);
    game.fish.add(4, 5, 1, LATER, 0);
    play(NONE);
    assertThat(game.ended()).isFalse();
    play(LEFT);
    assertThat(game.ended()).isTrue();
    place(5, 5);
    game.submarines.add(4, 5, 1, 0, LATER);
    play(NONE);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void anEnemyBulletIsTheEnd() {
    place(5, 5);
    game.enemyBullets.add(7, 5, -1, 0, 0);
    play(NONE);
    assertThat(game.ended()).isFalse();
    play(NONE);
    assertThat(game.ended()).isTrue();
    place(5, 5);
    game.enemyBullets.add(4, 5, -1, 0, 0);
    play(LEFT);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void picksDiversUpToSix() {
    place(5, 5);
    game.divers.add(6, 5, 1, 5, 0);
    assertThat(play(RIGHT)).isZero();
    assertThat(game.onBoard).isEqualTo(1);
    assertThat(game.divers.count).isZero();
    game.divers.add(7, 5, -1, 0, 0);
    play(NONE);
    assertThat(game.onBoard).isEqualTo(2);
    game.onBoard = 6;
    game.divers.add(6, 5, 1, 5, 0);
    play(NONE);
    assertThat(game.onBoard).isEqualTo(6);
    assertThat(game.divers.count).isEqualTo(1);
  }

  @Test
  void oxygenFallsUnderWaterAndItsBarWithIt() {
    place(5, 5);
    play(NONE);
    assertThat(game.oxygen).isEqualTo(199);
    assertThat(channel(7)).isEqualTo("9,0 9,1 9,2 9,3 9,4 9,5 9,6 9,7 9,8");
    game.oxygen = 21;
    play(NONE);
    assertThat(channel(7)).isEqualTo("9,0");
    play(NONE);
    assertThat(channel(7)).isEmpty();
  }

  @Test
  void oxygenHoldsAtTheSurface() {
    place(5, 0);
    for (int i = 0; i < 10; i++) {
      play(LEFT);
    }
    assertThat(game.oxygen).isEqualTo(200);
    assertThat(game.ended()).isFalse();
  }

  @Test
  void noOxygenIsTheEnd() {
    place(5, 5);
    for (int frame = 1; frame <= 200; frame++) {
      play(NONE);
      assertThat(game.ended()).isFalse();
    }
    assertThat(game.oxygen).isZero();
    play(NONE);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void comingUpWithoutADiverIsTheEnd() {
    place(5, 1);
    play(UP);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void comingUpCostsADiverAndFillsTheOxygen() {
    place(5, 1);
    game.onBoard = 5;
    game.oxygen = 120;
    assertThat(play(UP)).isZero();
    assertThat(game.ended()).isFalse();
    assertThat(game.onBoard).isEqualTo(4);
    assertThat(game.oxygen).isEqualTo(200);
    play(NONE);
    assertThat(game.onBoard).isEqualTo(4);
    assertThat(game.level).isEqualTo(1);
  }

  @Test
  void comingUpWithSixGivesAPointForEachTenthOfOxygen() {
    place(5, 1);
    game.onBoard = 6;
    game.oxygen = 139;
    assertThat(play(UP)).isEqualTo(6);
    assertThat(game.onBoard).isZero();
    assertThat(game.oxygen).isEqualTo(200);
    play(DOWN);
    play(UP);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void eachTimeAtTheSurfaceMakesEnemiesMoreFrequentAndEverySecondFaster() {
    place(5, 1);
    int[] waits = {5, 4, 4, 3, 3, 2, 2, 2};
    for (int i = 0; i < waits.length; i++) {
      surface();
      assertThat(game.enemyInterval).isEqualTo(19 - i);
      assertThat(game.moveWait).isEqualTo(waits[i]);
    }
    for (int i = 0; i < 20; i++) {
      surface();
    }
    assertThat(game.enemyInterval).isEqualTo(1);
    assertThat(game.moveWait).isEqualTo(2);
  }

  @Test
  void doesNotRampWhereItShallNot() {
    game = new MinAtarSeaquest.Game(false);
    place(5, 1);
    surface();
    surface();
    assertThat(game.enemyInterval).isEqualTo(20);
    assertThat(game.moveWait).isEqualTo(5);
  }

  private void surface() {
    game.y = 1;
    game.onBoard = 1;
    game.surfaced = false;
    game.untilEnemy = LATER;
    play(UP);
  }

  @Test
  void enemiesAppearEveryTwentyFramesAndDiversEveryThirty() {
    game.begin(chance);
    StringBuilder events = new StringBuilder();
    for (int frame = 1; frame <= 62; frame++) {
      int enemies = game.fish.count + game.submarines.count;
      int divers = game.divers.count;
      play(NONE);
      // Rows and sides are drawn; a first enemy always finds room.
      if (frame == 21) {
        assertThat(game.fish.count + game.submarines.count).isEqualTo(enemies + 1);
      }
      events.append(game.divers.count > divers ? 'd' : '.');
    }
    assertThat(events.indexOf("d")).isEqualTo(30);
    assertThat(events.indexOf("d", 31)).isEqualTo(60);
  }

  @Test
  void aThirdOfTheEnemiesAreSubmarinesInAllRowsFromBothSides() {
    int submarines = 0;
    int left = 0;
    int[] rows = new int[10];
    for (int i = 0; i < 6000; i++) {
      place(5, 0);
      game.untilEnemy = 0;
      play(NONE);
      submarines += game.submarines.count;
      Shoal enemies = game.submarines.count == 1 ? game.submarines : game.fish;
      left += enemies.x[0] == 0 ? 1 : 0;
      assertThat(enemies.direction[0]).isEqualTo(enemies.x[0] == 0 ? 1 : -1);
      rows[enemies.y[0]]++;
    }
    assertThat(submarines).isBetween(1850, 2150);
    assertThat(left).isBetween(2850, 3150);
    assertThat(rows[0] + rows[9]).isZero();
    for (int row = 1; row <= 8; row++) {
      assertThat(rows[row]).isBetween(650, 850);
    }
  }

  @Test
  void noEnemyAppearsAgainstTheWayOfItsRow() {
    for (int i = 0; i < 500; i++) {
      place(5, 0);
      for (int row = 1; row <= 8; row++) {
        (row % 2 == 0 ? game.fish : game.submarines).add(4, row, 1, LATER, LATER);
      }
      game.untilEnemy = 0;
      play(NONE);
      for (Shoal enemies : new Shoal[] {game.fish, game.submarines}) {
        for (int j = 0; j < enemies.count; j++) {
          assertThat(enemies.direction[j]).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void hasRoomForTheHardestLevel() {
    int most = 0;
    game.begin(chance);
    for (int frame = 0; frame < 20_000; frame++) {
      game.enemyInterval = 1;
      game.moveWait = 5;
      play(NONE);
      most = Math.max(most, game.fish.count + game.submarines.count);
    }
    assertThat(most).isBetween(30, 61);
  }

  @Test
  void refusesABrokenCount() {
    GridState state = new GridState();
    state.number("count", 129);
    state.bytes("numbers", new byte[0]);
    assertThatThrownBy(() -> new Shoal().restore(state))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("from 0 to 128");
  }
}
