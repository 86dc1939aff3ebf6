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
import lot4j.rl.Environment;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;

class MinAtarFreewayTest {
  private final RandomStream chance = new Streams(1).named("environment");
  private final MinAtarFreeway.Game game = new MinAtarFreeway.Game();

  /** All cars far off and slow, the chicken free to move. */
  private void place(int row) {
    game.begin(chance);
    game.row = row;
    game.rest = 0;
    Arrays.fill(game.column, 0);
    Arrays.fill(game.direction, -1);
    Arrays.fill(game.speed, 5);
    Arrays.fill(game.wait, 5);
  }

  private void placeCar(int row, int column, int direction, int speed, int wait) {
    game.column[row - 1] = column;
    game.direction[row - 1] = direction;
    game.speed[row - 1] = speed;
    game.wait[row - 1] = wait;
  }

  private int play(int action) {
    return game.play(action, chance);
  }

  @Test
  void beginsAtTheBottomWithAllCarsAtTheLeft() {
    game.begin(chance);
    assertThat(MiniGridTest.channel(game, 0)).isEqualTo("9,4");
    assertThat(MiniGridTest.channel(game, 1)).isEqualTo("1,0 2,0 3,0 4,0 5,0 6,0 7,0 8,0");
  }

  @Test
  void firstMoveIsAfterThreeFramesThenOneInThree() {
    game.begin(chance);
    Arrays.fill(game.column, 0);
    Arrays.fill(game.speed, 5);
    Arrays.fill(game.wait, 5);
    int[] rows = new int[10];
    for (int i = 0; i < 10; i++) {
      play(UP);
      rows[i] = game.row;
    }
    assertThat(rows).containsExactly(9, 9, 9, 8, 8, 8, 7, 7, 7, 6);
  }

  @Test
  void waitingCountsWhateverIsDoneMeanwhile() {
    place(5);
    play(UP);
    play(NONE);
    play(DOWN);
    assertThat(game.row).isEqualTo(4);
    play(DOWN);
    assertThat(game.row).isEqualTo(5);
  }

  @Test
  void otherActionsDoNothingAndTheBottomHolds() {
    place(9);
    for (int action : new int[] {NONE, LEFT, RIGHT, FIRE}) {
      play(action);
      assertThat(game.row).isEqualTo(9);
      assertThat(game.rest).isZero();
    }
    play(DOWN);
    assertThat(game.row).isEqualTo(9);
  }

  @Test
  void aCrossingIsAPointAndBeginsAnew() {
    place(1);
    placeCar(3, 7, 1, 5, 5);
    assertThat(play(UP)).isEqualTo(1);
    assertThat(game.row).isEqualTo(9);
    assertThat(game.column[2]).isEqualTo(7);
    assertThat(game.ended()).isFalse();
    assertThat(play(NONE)).isZero();
  }

  @Test
  void aCrossingDrawsEverySpeedAndDirectionAlike() {
    int[] counts = new int[11];
    for (int i = 0; i < 500; i++) {
      place(1);
      play(UP);
      for (int lane = 0; lane < 8; lane++) {
        counts[game.direction[lane] * game.speed[lane] + 5]++;
      }
    }
    assertThat(counts[5]).isZero();
    for (int signed = -5; signed <= 5; signed++) {
      if (signed != 0) {
        // 400 expected, standard deviation 19.
        assertThat(counts[signed + 5]).isBetween(320, 480);
      }
    }
  }

  @Test
  void aCarOfSpeedNWaitsNFramesBetweenMoves() {
    for (int speed = 1; speed <= 5; speed++) {
      place(9);
      placeCar(4, 2, 1, speed, speed);
      for (int frame = 1; frame <= 12; frame++) {
        play(NONE);
        assertThat(game.column[3]).isEqualTo((2 + frame / (speed + 1)) % 10);
      }
    }
  }

  @Test
  void aCarComesBackAtTheOtherSide() {
    place(9);
    placeCar(1, 9, 1, 1, 0);
    placeCar(2, 0, -1, 1, 0);
    play(NONE);
    assertThat(game.column[0]).isZero();
    assertThat(game.column[1]).isEqualTo(9);
  }

  @Test
  void isPutBackWhereItWalksIntoACar() {
    place(6);
    placeCar(5, 4, 1, 3, 3);
    assertThat(play(UP)).isZero();
    assertThat(game.row).isEqualTo(9);
    assertThat(game.ended()).isFalse();
  }

  @Test
  void isPutBackWhereACarDrivesIntoIt() {
    place(5);
    placeCar(5, 3, 1, 3, 0);
    play(NONE);
    assertThat(game.row).isEqualTo(9);
    place(5);
    placeCar(5, 3, -1, 3, 0);
    play(NONE);
    assertThat(game.row).isEqualTo(5);
  }

  @Test
  void trailsShowSpeedAndDirection() {
    place(9);
    placeCar(1, 5, 1, 1, 1);
    placeCar(2, 5, -1, 2, 1);
    placeCar(3, 0, 1, 3, 1);
    placeCar(4, 9, -1, 4, 1);
    for (int row = 5; row <= 8; row++) {
      placeCar(row, row, 1, 5, 1);
    }
    assertThat(MiniGridTest.channel(game, 1)).isEqualTo("1,5 2,5 3,0 4,9 5,5 6,6 7,7 8,8");
    assertThat(MiniGridTest.channel(game, 2)).isEqualTo("1,4");
    assertThat(MiniGridTest.channel(game, 3)).isEqualTo("2,6");
    assertThat(MiniGridTest.channel(game, 4)).isEqualTo("3,9");
    assertThat(MiniGridTest.channel(game, 5)).isEqualTo("4,0");
    assertThat(MiniGridTest.channel(game, 6)).isEqualTo("5,4 6,5 7,6 8,7");
  }

  @Test
  void endsAfter2500FramesByItsRules() {
    Environment world = MinAtarFreeway.standard().make(Split.TRAIN);
    world.reset(1);
    for (int frame = 1; frame < 2500; frame++) {
      MiniGridTest.act(world, NONE);
      assertThat(world.over()).isFalse();
    }
    MiniGridTest.act(world, NONE);
    assertThat(world.terminated()).isTrue();
    assertThat(world.truncated()).isFalse();
  }
}
