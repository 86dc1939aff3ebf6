package lot4j.rl.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lot4j.checkpoint.CheckpointException;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import org.junit.jupiter.api.Test;

class ShoalTest {
  @Test
  void takesTheOldestInACellAndKeepsTheOrder() {
    Shoal shoal = new Shoal();
    shoal.add(1, 2, 1, 10, 0);
    shoal.add(3, 4, 1, 11, 0);
    shoal.add(3, 4, -1, 12, 5);
    assertThat(shoal.take(3, 5)).isFalse();
    assertThat(shoal.take(3, 4)).isTrue();
    assertThat(shoal.count).isEqualTo(2);
    assertThat(shoal.wait[0]).isEqualTo(10);
    assertThat(shoal.wait[1]).isEqualTo(12);
    assertThat(shoal.direction[1]).isEqualTo(-1);
    assertThat(shoal.reload[1]).isEqualTo(5);
  }

  @Test
  void hasRoomForTheHardestLevel() {
    int most = 0;
    RandomStream chance = new Streams(1).named("environment");
    MinAtarSeaquest.Game game = new MinAtarSeaquest.Game(true);
    game.begin(chance);
    for (int frame = 0; frame < 20_000; frame++) {
      game.enemyInterval = 1;
      game.moveWait = 5;
      game.play(MiniGrid.NONE, chance);
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
