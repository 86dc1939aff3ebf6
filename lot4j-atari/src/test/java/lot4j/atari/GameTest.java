package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lot4j.rl.ActionSpace;
import org.junit.jupiter.api.Test;

/** The wrappers on a console made by hand; their kept state: {@link GameStateTest}. */
class GameTest {
  /** Plain: no idle frames, no button, small pictures. */
  static Ale plain() {
    return ale(0, true, false, true, 0, 108_000, Ale.Reward.SCORE);
  }

  static Ale ale(
      int noops,
      boolean episodicLife,
      boolean fire,
      boolean clip,
      double sticky,
      int maxFrames,
      Ale.Reward reward) {
    return new Ale(
        Path.of("fake.bin"),
        4,
        noops,
        episodicLife,
        fire,
        clip,
        4,
        2,
        sticky,
        false,
        maxFrames,
        reward);
  }

  static Game game(Ale ale, Console console) {
    return new Game(ale, console, "digest");
  }

  static void act(Game game, int action) {
    game.step(new float[] {9, action}, 1);
  }

  /** The first pixel of each picture, the oldest first. */
  static int[] pictures(Game game) {
    ByteBuffer out = ByteBuffer.allocate(game.spaces().observation().bytes());
    game.observe(out);
    assertThat(out.hasRemaining()).isFalse();
    int[] each = new int[4];
    for (int i = 0; i < 4; i++) {
      each[i] = out.get(i * 4) & 255;
    }
    return each;
  }

  @Test
  void holdsAnActionForFourFramesAndShowsTheBrighterOfTheLastTwo() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(plain(), console);
    game.reset(1);
    act(game, 2);
    assertThat(console.acted).containsExactly(4, 4, 4, 4);
    assertThat(FakeConsole.grey(3)).isEqualTo(103).isGreaterThan(FakeConsole.grey(4));
    assertThat(pictures(game)).containsExactly(0, 0, 0, 103);
    act(game, 1);
    assertThat(console.acted).containsExactly(4, 4, 4, 4, 3, 3, 3, 3);
    assertThat(pictures(game)).containsExactly(0, 0, 103, 107);
  }

  @Test
  void showsTheOnlyFrameWhereNoneIsSkipped() {
    Ale each = new Ale(Path.of("a"), 1, 0, true, true, true, 4, 2, 0, false, 100, Ale.Reward.SCORE);
    Game game = game(each, FakeConsole.endless());
    game.reset(1);
    act(game, 0);
    act(game, 0);
    assertThat(pictures(game)).containsExactly(0, 0, 101, 2);
  }

  @Test
  void fillsTheStackWithTheFirstPicture() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(ale(30, true, true, true, 0, 1000, Ale.Reward.SCORE), console);
    game.reset(5);
    int frames = console.acted.size();
    assertThat(pictures(game)).containsOnly(FakeConsole.grey(frames));
  }

  @Test
  void beginsWithOneToThirtyIdleFrames() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(ale(30, true, true, true, 0, 1000, Ale.Reward.SCORE), console);
    Set<Integer> seen = new HashSet<>();
    for (int seed = 0; seed < 600; seed++) {
      game.reset(seed);
      assertThat(console.acted).containsOnly(Console.NOOP);
      seen.add(console.acted.size());
    }
    assertThat(seen).hasSize(30).allMatch(n -> n >= 1 && n <= 30);
    assertThat(console.powered).isEqualTo(600);
  }

  @Test
  void thoseFollowFromTheSeedAlone() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(ale(30, true, true, true, 0, 1000, Ale.Reward.SCORE), console);
    game.reset(11);
    List<Integer> first = List.copyOf(console.acted);
    game.reset(12);
    game.reset(11);
    assertThat(console.acted).isEqualTo(first);
  }

  @Test
  void pressesTheButtonAndTheNextActionWhereGamesHaveIt() {
    FakeConsole console = new FakeConsole(new int[] {0, 1, 3, 4}, Map.of(), 0, List.of(), 1_000);
    Game game = game(ale(0, true, true, true, 0, 1000, Ale.Reward.SCORE), console);
    game.reset(1);
    assertThat(console.acted).containsExactly(1, 1, 1, 1, 3, 3, 3, 3);
    assertThat(pictures(game)).containsOnly(FakeConsole.grey(7));
  }

  @Test
  void pressesNoButtonWhereTheSecondActionIsAnother() {
    for (int[] actions : new int[][] {{0, 3, 1}, {0, 1}}) {
      FakeConsole console = new FakeConsole(actions, Map.of(), 0, List.of(), 1_000);
      game(ale(0, true, true, true, 0, 1000, Ale.Reward.SCORE), console).reset(1);
      assertThat(console.acted).isEmpty();
    }
  }

  @Test
  void aLifeLostWhileTheButtonIsPressedGoesOnWithAnIdleStep() {
    FakeConsole console = new FakeConsole(new int[] {0, 1, 3}, Map.of(), 3, List.of(2), 1_000);
    game(ale(0, true, true, true, 0, 1000, Ale.Reward.SCORE), console).reset(1);
    assertThat(console.acted).containsExactly(1, 1, 1, 1, 0, 0, 0, 0, 3, 3, 3, 3);
    assertThat(console.powered).isEqualTo(1);
  }

  @Test
  void aGameLostWhileTheButtonIsPressedBeginsAnew() {
    FakeConsole console = new FakeConsole(new int[] {0, 1, 3}, Map.of(), 0, List.of(), 8);
    Game game = game(ale(0, true, true, true, 0, 1000, Ale.Reward.SCORE), console);
    game.reset(1);
    assertThat(console.powered).isEqualTo(2);
    assertThat(console.acted).isEmpty();
    assertThat(game.over()).isFalse();
  }

  @Test
  void aLostLifeEndsTheEpisodeAndTheGameGoesOn() {
    FakeConsole console = new FakeConsole(new int[] {0, 3, 4}, Map.of(7, 5), 3, List.of(7, 20), 30);
    Game game = game(plain(), console);
    game.reset(1);
    act(game, 1);
    assertThat(game.terminated()).isFalse();
    act(game, 1);
    assertThat(game.terminated()).isTrue();
    assertThat(game.truncated()).isFalse();
    assertThat(game.over()).isFalse();
    assertThat(game.score()).isEqualTo(5);
    assertThat(game.reward()).isEqualTo(1);
    assertThatThrownBy(() -> act(game, 1)).isInstanceOf(IllegalStateException.class);

    game.reset(2);
    assertThat(console.powered).isEqualTo(1);
    assertThat(console.acted.subList(8, 12)).containsOnly(Console.NOOP);
    assertThat(game.terminated()).isFalse();
    assertThat(game.reward()).isZero();
    assertThat(game.score()).isZero();
    assertThat(pictures(game)).containsOnly(FakeConsole.grey(11));
  }

  @Test
  void theEndOfTheGameEndsTheEpisodeAndTheNextBeginsAnew() {
    FakeConsole console = new FakeConsole(new int[] {0, 3, 4}, Map.of(), 0, List.of(), 6);
    Game game = game(plain(), console);
    game.reset(1);
    act(game, 1);
    act(game, 1);
    assertThat(console.acted).hasSize(6);
    assertThat(game.terminated()).isTrue();
    assertThat(game.over()).isTrue();
    game.reset(2);
    assertThat(console.powered).isEqualTo(2);
    assertThat(game.over()).isFalse();
  }

  @Test
  void aGameThatStaysAtNoLivesHasNotLostOne() {
    FakeConsole console = new FakeConsole(new int[] {0, 3, 4}, Map.of(), 1, List.of(2), 14);
    Game game = game(plain(), console);
    game.reset(1);
    act(game, 1);
    assertThat(game.terminated()).isFalse();
    act(game, 1);
    act(game, 1);
    assertThat(game.terminated()).isFalse();
    act(game, 1);
    assertThat(game.terminated()).isTrue();
    assertThat(game.over()).isTrue();
  }

  @Test
  void livesDoNotCountWhereOneGameIsOneEpisode() {
    FakeConsole console = new FakeConsole(new int[] {0, 3, 4}, Map.of(), 3, List.of(2), 1_000);
    Game game = game(ale(0, false, false, true, 0, 1000, Ale.Reward.SCORE), console);
    game.reset(1);
    act(game, 1);
    assertThat(game.terminated()).isFalse();
  }

  @Test
  void anEpisodeBrokenOffBeginsAnew() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(plain(), console);
    game.reset(1);
    act(game, 1);
    game.reset(2);
    assertThat(console.powered).isEqualTo(2);
    assertThat(console.acted).isEmpty();
  }

  @Test
  void clippedRewardsAreSignsOfSumsAndScoresAreThePoints() {
    FakeConsole console =
        new FakeConsole(
            new int[] {0, 3, 4}, Map.of(1, 3, 2, 4, 5, -9, 10, 2, 11, -2), 0, List.of(), 100);
    Game game = game(plain(), console);
    Game raw =
        game(
            ale(0, true, false, false, 0, 1000, Ale.Reward.SCORE),
            new FakeConsole(new int[] {0, 3, 4}, Map.of(1, 3, 2, 4), 0, List.of(), 100));
    game.reset(1);
    act(game, 0);
    assertThat(game.score()).isEqualTo(7);
    assertThat(game.reward()).isEqualTo(1);
    act(game, 0);
    assertThat(game.score()).isEqualTo(-9);
    assertThat(game.reward()).isEqualTo(-1);
    act(game, 0);
    assertThat(game.score()).isZero();
    assertThat(game.reward()).isZero();
    raw.reset(1);
    act(raw, 0);
    assertThat(raw.reward()).isEqualTo(7);
  }

  @Test
  void survivalIsOneForEachStepThatDidNotEndInALoss() {
    FakeConsole console = new FakeConsole(new int[] {0, 3, 4}, Map.of(1, 50), 2, List.of(6), 100);
    Game game = game(ale(0, true, false, true, 0, 1000, Ale.Reward.SURVIVAL), console);
    game.reset(1);
    act(game, 0);
    assertThat(game.reward()).isEqualTo(1);
    assertThat(game.score()).isEqualTo(1);
    act(game, 0);
    assertThat(game.terminated()).isTrue();
    assertThat(game.reward()).isZero();
    assertThat(game.score()).isZero();
  }

  @Test
  void isCutOffAtItsLimitWhichIsNoEnd() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(ale(0, true, false, true, 0, 6, Ale.Reward.SURVIVAL), console);
    game.reset(1);
    act(game, 0);
    assertThat(game.truncated()).isFalse();
    act(game, 0);
    assertThat(console.acted).hasSize(6);
    assertThat(game.truncated()).isTrue();
    assertThat(game.terminated()).isFalse();
    assertThat(game.over()).isTrue();
    assertThat(game.reward()).isEqualTo(1);
    game.reset(2);
    assertThat(game.truncated()).isFalse();
  }

  @Test
  void stickyFramesRepeatTheOneBefore() {
    FakeConsole console = FakeConsole.endless();
    Game game = game(ale(0, true, false, true, 0.25, 1_000_000, Ale.Reward.SCORE), console);
    game.reset(3);
    int late = 0;
    int steps = 10_000;
    for (int i = 0; i < steps; i++) {
      int previous = i == 0 ? 0 : console.acted.get(4 * i - 1);
      int wanted = i % 2 == 0 ? 3 : 4;
      act(game, i % 2 + 1);
      List<Integer> held = console.acted.subList(4 * i, 4 * i + 4);
      if (held.get(0) == previous && previous != wanted) {
        late++;
      }
      // Once an action is through, repeating it is the same.
      int through = held.indexOf(wanted);
      if (through >= 0) {
        assertThat(held.subList(through, 4)).containsOnly(wanted);
      }
    }
    // 0.25 of the steps; four standard errors are 0.0173.
    assertThat(late / (double) steps).isBetween(0.2327, 0.2673);
  }

  @Test
  void saysWhatItSeesAndCanDo() {
    Game game = game(Ale.standard(), tall());
    assertThat(game.spaces().observation().shape().toString()).contains("4", "84");
    assertThat(game.spaces().observation().scale()).isEqualTo(1 / 255.0);
    assertThat(game.spaces().observation().count()).isEqualTo(4 * 84 * 84);
    assertThat(game.spaces().action()).isEqualTo(new ActionSpace.Discrete(3));
    assertThat(game.render()).isPresent();
  }

  private static Console tall() {
    return new FakeConsole(new int[] {0, 3, 4}, Map.of(), 0, List.of(), 9) {
      @Override
      public int height() {
        return 210;
      }

      @Override
      public int width() {
        return 160;
      }
    };
  }

  @Test
  void refusesActionsThatThereAreNot() {
    Game game = game(plain(), FakeConsole.endless());
    game.reset(1);
    assertThatThrownBy(() -> act(game, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("action = 3 is not allowed; 0 to 2");
    assertThatThrownBy(() -> act(game, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesStepsBeforeAReset() {
    assertThatThrownBy(() -> act(game(plain(), FakeConsole.endless()), 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closesTheConsole() {
    FakeConsole console = FakeConsole.endless();
    game(plain(), console).close();
    assertThat(console.closed).isTrue();
  }
}
