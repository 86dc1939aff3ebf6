package lot4j.atari;

import static lot4j.atari.GameTest.act;
import static lot4j.atari.GameTest.ale;
import static lot4j.atari.GameTest.game;
import static lot4j.atari.GameTest.pictures;
import static lot4j.atari.GameTest.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Games kept and restored, on a console made by hand. */
class GameStateTest {
  @Test
  void goesOnAfterARestoreAsItWouldHave() {
    Ale sticky = ale(30, true, true, true, 0.25, 400, Ale.Reward.SCORE);
    FakeConsole console = busy();
    Game game = game(sticky, console);
    for (int at = 0; at < 60; at++) {
      game.reset(7);
      for (int i = 0; i < at; i++) {
        go(game, i);
      }
      KeptState state = new KeptState();
      game.save(state);
      FakeConsole other = busy();
      Game restored = game(sticky, other);
      restored.reset(99);
      restored.restore(state);
      assertThat(other.acted).isEqualTo(console.acted);
      assertThat(pictures(restored)).isEqualTo(pictures(game));
      assertThat(restored.terminated()).isEqualTo(game.terminated());
      assertThat(restored.reward()).isEqualTo(game.reward());
      assertThat(restored.score()).isEqualTo(game.score());
      for (int i = at; i < at + 40; i++) {
        go(game, i);
        go(restored, i);
        assertThat(other.acted).isEqualTo(console.acted);
        assertThat(pictures(restored)).isEqualTo(pictures(game));
        assertThat(restored.reward()).isEqualTo(game.reward());
        assertThat(restored.score()).isEqualTo(game.score());
        assertThat(restored.terminated()).isEqualTo(game.terminated());
        assertThat(restored.over()).isEqualTo(game.over());
      }
    }
  }

  private static FakeConsole busy() {
    return new FakeConsole(
        new int[] {0, 1, 3, 4}, Map.of(50, 7, 90, -2), 4, List.of(40, 77, 130), 180);
  }

  private static void go(Game game, int i) {
    if (game.terminated() || game.over()) {
      game.reset(1000 + i);
    } else {
      act(game, i * 7 % 4);
    }
  }

  @Test
  void restoresWhatNeverBegan() {
    KeptState state = new KeptState();
    game(plain(), FakeConsole.endless()).save(state);
    Game game = game(plain(), FakeConsole.endless());
    game.reset(1);
    act(game, 1);
    game.restore(state);
    assertThatThrownBy(() -> act(game, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesAnotherGamesState() {
    KeptState state = new KeptState();
    game(plain(), FakeConsole.endless()).save(state);
    assertThatThrownBy(() -> new Game(plain(), FakeConsole.endless(), "other").restore(state))
        .hasMessage("rom: the game's file is not the one that the run began with");
  }

  @Test
  void refusesAStateThatPlayingAgainDoesNotReach() {
    KeptState state = new KeptState();
    Game game = game(plain(), FakeConsole.endless());
    game.reset(1);
    act(game, 1);
    game.save(state);
    state.numbers.put("screen", 5L);
    assertThatThrownBy(() -> game.restore(state))
        .hasMessage("screen: the same actions led the emulator somewhere else");
  }

  @Test
  void aLongGameIsKeptWhole() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(plain(), console);
    game.reset(1);
    for (int i = 0; i < 3_000; i++) {
      act(game, i % 3);
    }
    KeptState state = new KeptState();
    game.save(state);
    FakeConsole other = FakeConsole.endless();
    game(plain(), other).restore(state);
    assertThat(other.acted).hasSize(12_000).isEqualTo(console.acted);
    assertThat(Collections.frequency(other.acted, 4)).isEqualTo(4_000);
  }
}
