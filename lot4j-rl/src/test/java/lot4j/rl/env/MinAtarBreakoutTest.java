package lot4j.rl.env;

import static lot4j.rl.env.MiniGrid.LEFT;
import static lot4j.rl.env.MiniGrid.NONE;
import static lot4j.rl.env.MiniGrid.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import org.junit.jupiter.api.Test;

class MinAtarBreakoutTest {
  private final RandomStream chance = new Streams(1).named("environment");
  private final MinAtarBreakout.Game game = new MinAtarBreakout.Game();

  /** A ball about to move. */
  private void place(int x, int y, int stepX, int stepY, int paddle) {
    game.begin(chance);
    game.ballX = x;
    game.ballY = y;
    game.stepX = stepX;
    game.stepY = stepY;
    game.paddle = paddle;
  }

  private int play(int action) {
    return game.play(action, chance);
  }

  private void assertBall(int x, int y, int stepX, int stepY) {
    assertThat(new int[] {game.ballX, game.ballY, game.stepX, game.stepY})
        .containsExactly(x, y, stepX, stepY);
  }

  @Test
  void beginsAtEitherSideUnderTheBricksGoingDownAndInwards() {
    int left = 0;
    for (int i = 0; i < 1000; i++) {
      game.begin(chance);
      if (game.ballX == 0) {
        left++;
        assertBall(0, 3, 1, 1);
      } else {
        assertBall(9, 3, -1, 1);
      }
    }
    assertThat(left).isBetween(450, 550);
  }

  @Test
  void channelsShowPaddleBallTrailAndBricks() {
    place(2, 5, 1, 1, 4);
    play(LEFT);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("9,3");
    assertThat(MiniGridTest.channel(game, 1)).isEqualTo("6,3");
    assertThat(MiniGridTest.channel(game, 2)).isEqualTo("5,2");
    Arrays.fill(game.bricks, 0);
    game.bricks[0] = 1 << 9;
    game.bricks[2] = 1;
    assertThat(MiniGridTest.channel(game, 3)).isEqualTo("1,9 3,0");
  }

  @Test
  void paddleStaysWithinTheGrid() {
    place(2, 4, 1, 1, 0);
    play(LEFT);
    assertThat(game.paddle).isZero();
    place(2, 4, 1, 1, 9);
    play(RIGHT);
    assertThat(game.paddle).isEqualTo(9);
  }

  @Test
  void otherActionsDoNothing() {
    for (int action : new int[] {NONE, MiniGrid.UP, MiniGrid.DOWN, MiniGrid.FIRE}) {
      place(2, 4, 1, 1, 5);
      play(action);
      assertThat(game.paddle).isEqualTo(5);
      assertBall(3, 5, 1, 1);
    }
  }

  @Test
  void bouncesAtASideWallWithoutALossOfHeight() {
    place(0, 5, -1, 1, 5);
    play(NONE);
    assertBall(0, 6, 1, 1);
    place(9, 6, 1, -1, 5);
    play(NONE);
    assertBall(9, 5, -1, -1);
  }

  @Test
  void bouncesAtTheTop() {
    place(4, 0, 1, -1, 5);
    play(NONE);
    assertBall(5, 0, 1, 1);
  }

  @Test
  void breaksABrickForAPointAndTurnsBack() {
    place(4, 4, 1, -1, 0);
    assertThat(play(NONE)).isEqualTo(1);
    assertBall(5, 4, 1, 1);
    assertThat(game.bricks[2]).isEqualTo(0x3FF & ~(1 << 5));
    assertThat(game.bricks[1]).isEqualTo(0x3FF);
    assertThat(play(NONE)).isZero();
    assertBall(6, 5, 1, 1);
    assertThat(game.touching).isFalse();
  }

  @Test
  void passesFurtherBricksUntilFreeOfThem() {
    place(4, 3, 1, -1, 0);
    game.bricks[2] = 0;
    assertThat(play(NONE)).isEqualTo(1);
    assertBall(5, 3, 1, 1);
    game.bricks[2] = 0;
    place(4, 0, 1, 1, 0);
    assertThat(play(NONE)).isEqualTo(1);
    assertBall(5, 0, 1, -1);
    // Off the top into the next brick, which has to wait: the ball has not been free since.
    assertThat(play(NONE)).isZero();
    assertBall(6, 0, 1, 1);
    assertThat(game.touching).isFalse();
    game.touching = true;
    assertThat(play(NONE)).isZero();
    assertBall(7, 1, 1, 1);
    assertThat(game.bricks[0]).isEqualTo(0x3FF & ~(1 << 5));
    assertThat(game.touching).isTrue();
  }

  @Test
  void bouncesOnwardsFromThePaddleBelow() {
    place(4, 8, 1, 1, 4);
    play(NONE);
    assertBall(5, 8, 1, -1);
    assertThat(game.ended()).isFalse();
  }

  @Test
  void bouncesBackFromThePaddlesFlank() {
    place(4, 8, 1, 1, 5);
    play(NONE);
    assertBall(5, 8, -1, -1);
    assertThat(game.ended()).isFalse();
  }

  @Test
  void paddleMovesBeforeTheBall() {
    place(4, 8, 1, 1, 3);
    play(RIGHT);
    assertBall(5, 8, 1, -1);
  }

  @Test
  void endsWhereThePaddleMissesTheBall() {
    place(4, 8, 1, 1, 6);
    assertThat(play(NONE)).isZero();
    assertThat(game.ended()).isTrue();
    assertBall(5, 9, 1, 1);
  }

  @Test
  void newBricksComeAsTheBallReachesTheBottom() {
    place(4, 7, 1, 1, 5);
    Arrays.fill(game.bricks, 0);
    play(NONE);
    assertThat(game.bricks).containsOnly(0);
    play(NONE);
    assertThat(game.bricks).containsOnly(0x3FF);
    assertThat(game.ended()).isFalse();
  }
}
