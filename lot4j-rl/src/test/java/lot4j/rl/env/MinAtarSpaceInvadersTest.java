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

class MinAtarSpaceInvadersTest {
  private static final int BLOCK = 0b0011111100;

  private final RandomStream chance = new Streams(1).named("environment");
  private MinAtarSpaceInvaders.Game game = new MinAtarSpaceInvaders.Game(true);

  /** No aliens but these (row, column, row, column, ...), nothing due for a long time. */
  private void place(int cannon, int... aliens) {
    game.begin(chance);
    game.cannon = cannon;
    game.untilMarch = 1000;
    game.untilBomb = 1000;
    Arrays.fill(game.aliens, 0);
    for (int i = 0; i < aliens.length; i += 2) {
      game.aliens[aliens[i]] |= 1 << aliens[i + 1];
    }
  }

  private int play(int action) {
    return game.play(action, chance);
  }

  @Test
  void beginsWithFourRowsOfSixGoingLeft() {
    game.begin(chance);
    assertThat(game.aliens).containsExactly(BLOCK, BLOCK, BLOCK, BLOCK, 0, 0, 0, 0, 0, 0);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("9,5");
    assertThat(MiniGridTest.channel(game, 2)).isEqualTo(MiniGridTest.channel(game, 1));
    assertThat(MiniGridTest.channel(game, 3)).isEmpty();
  }

  @Test
  void channelsShowEachKindWhereItIs() {
    place(3, 2, 7);
    game.direction = 1;
    game.bullets[5] = 1 << 1;
    game.bombs[6] = 1 << 8;
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("9,3");
    assertThat(MiniGridTest.channel(game, 1)).isEqualTo("2,7");
    assertThat(MiniGridTest.channel(game, 2)).isEmpty();
    assertThat(MiniGridTest.channel(game, 3)).isEqualTo("2,7");
    assertThat(MiniGridTest.channel(game, 4)).isEqualTo("5,1");
    assertThat(MiniGridTest.channel(game, 5)).isEqualTo("6,8");
  }

  @Test
  void cannonMovesSidewaysWithinTheGrid() {
    place(0, 0, 5);
    play(LEFT);
    assertThat(game.cannon).isZero();
    play(RIGHT);
    assertThat(game.cannon).isEqualTo(1);
    play(UP);
    play(DOWN);
    assertThat(game.cannon).isEqualTo(1);
    game.cannon = 9;
    play(RIGHT);
    assertThat(game.cannon).isEqualTo(9);
  }

  @Test
  void shootsOnceInFiveFrames() {
    place(5, 0, 0);
    StringBuilder fired = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      play(FIRE);
      fired.append(game.bullets[8] != 0 ? '*' : '.');
    }
    assertThat(fired).hasToString("*....*....*");
  }

  @Test
  void bulletsRiseACellAFrameAndLeaveAtTheTop() {
    place(5, 0, 0);
    play(FIRE);
    assertThat(game.bullets[8]).isEqualTo(1 << 5);
    for (int row = 7; row >= 0; row--) {
      play(NONE);
      assertThat(game.bullets[row]).isEqualTo(1 << 5);
    }
    play(NONE);
    assertThat(game.bullets).containsOnly(0);
  }

  @Test
  void aBulletTakesAnAlienAndItselfForAPoint() {
    place(5, 4, 5, 3, 5);
    game.bullets[5] = 1 << 5;
    assertThat(play(NONE)).isEqualTo(1);
    assertThat(game.aliens[4]).isZero();
    assertThat(game.aliens[3]).isEqualTo(1 << 5);
    assertThat(game.bullets).containsOnly(0);
    assertThat(play(NONE)).isZero();
  }

  @Test
  void marchesEveryTwelfthFrameWhileTwelveOrMoreAreLeft() {
    game.begin(chance);
    game.untilBomb = 1000;
    for (int frame = 1; frame <= 12; frame++) {
      play(NONE);
      assertThat(game.aliens[0]).isEqualTo(BLOCK);
    }
    play(NONE);
    assertThat(game.aliens[0]).isEqualTo(BLOCK >> 1);
    for (int frame = 1; frame <= 11; frame++) {
      play(NONE);
      assertThat(game.aliens[0]).isEqualTo(BLOCK >> 1);
    }
    play(NONE);
    assertThat(game.aliens[0]).isEqualTo(BLOCK >> 2);
  }

  @Test
  void marchesAsOftenAsFewAreLeft() {
    place(0, 0, 9, 0, 8, 0, 7);
    game.untilMarch = 0;
    int[] columns = new int[7];
    for (int i = 0; i < 7; i++) {
      play(NONE);
      columns[i] = Integer.numberOfTrailingZeros(game.aliens[0]);
    }
    assertThat(columns).containsExactly(6, 6, 6, 5, 5, 5, 4);
    place(0, 0, 9);
    game.untilMarch = 0;
    for (int column = 8; column >= 5; column--) {
      play(NONE);
      assertThat(game.aliens[0]).isEqualTo(1 << column);
    }
  }

  @Test
  void turnsAtTheEdgeARowLower() {
    place(9, 2, 0, 1, 3);
    game.untilMarch = 0;
    play(NONE);
    assertThat(game.aliens[3]).isEqualTo(1);
    assertThat(game.aliens[2]).isEqualTo(1 << 3);
    assertThat(game.direction).isEqualTo(1);
    game.untilMarch = 0;
    play(NONE);
    assertThat(game.aliens[3]).isEqualTo(1 << 1);
    place(0, 2, 9);
    game.direction = 1;
    game.untilMarch = 0;
    play(NONE);
    assertThat(game.aliens[3]).isEqualTo(1 << 9);
    assertThat(game.direction).isEqualTo(-1);
  }

  @Test
  void lowestOfTheNearestColumnDropsABulletOfTwoTheLeftOne() {
    place(5, 1, 3, 2, 3, 4, 7, 6, 9);
    game.untilBomb = 0;
    play(NONE);
    assertThat(MiniGridTest.channel(game, 5)).isEqualTo("2,3");
    assertThat(game.untilBomb).isEqualTo(9);
    place(6, 1, 3, 4, 7);
    game.untilBomb = 0;
    play(NONE);
    assertThat(MiniGridTest.channel(game, 5)).isEqualTo("4,7");
    play(NONE);
    assertThat(MiniGridTest.channel(game, 5)).isEqualTo("5,7");
  }

  @Test
  void dropsABulletEveryTenFrames() {
    place(0, 0, 9);
    game.untilBomb = 10;
    StringBuilder dropped = new StringBuilder();
    for (int i = 0; i < 22; i++) {
      play(NONE);
      dropped.append(game.bombs[0] != 0 ? '*' : '.');
    }
    assertThat(dropped).hasToString("..........*.........*.");
  }

  @Test
  void anAlienBulletEndsTheEpisodeAtTheCannonOnly() {
    place(4, 0, 0);
    game.bombs[8] = 1 << 4;
    play(RIGHT);
    assertThat(game.ended()).isFalse();
    game.bombs[8] = 1 << 4;
    play(LEFT);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void anAlienAtTheCannonEndsTheEpisode() {
    place(4, 9, 5);
    play(NONE);
    assertThat(game.ended()).isFalse();
    game.untilMarch = 0;
    play(NONE);
    assertThat(game.ended()).isTrue();
    place(4, 9, 5);
    play(RIGHT);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void aTurnAtTheBottomEndsTheEpisode() {
    place(5, 9, 0);
    game.untilMarch = 0;
    play(NONE);
    assertThat(game.ended()).isTrue();
  }

  @Test
  void aClearedBlockBringsAFasterOneDownToSixFrames() {
    game.begin(chance);
    for (int expected : new int[] {11, 10, 9, 8, 7, 6, 6}) {
      clear();
      assertThat(game.marchInterval).isEqualTo(expected);
      assertThat(game.aliens).containsExactly(BLOCK, BLOCK, BLOCK, BLOCK, 0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void doesNotRampWhereItShallNot() {
    game = new MinAtarSpaceInvaders.Game(false);
    game.begin(chance);
    clear();
    assertThat(game.marchInterval).isEqualTo(12);
    assertThat(game.aliens[3]).isEqualTo(BLOCK);
  }

  /** Shoots the last one. */
  private void clear() {
    Arrays.fill(game.aliens, 0);
    game.aliens[2] = 1;
    game.bullets[3] = 1;
    game.untilMarch = 100;
    assertThat(play(NONE)).isEqualTo(1);
  }
}
