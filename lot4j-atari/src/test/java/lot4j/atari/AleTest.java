package lot4j.atari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentContract;
import lot4j.rl.Environments;
import lot4j.train.DataException;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;

class AleTest {
  static Ale tetris() {
    return Ale.standard().withRom(Shared.data("atari/tetris.bin"));
  }

  static Ale sticky() {
    Ale plain = tetris();
    return new Ale(
        plain.rom(), 4, 30, true, true, true, 4, 84, 0.25, true, 108_000, Ale.Reward.SURVIVAL);
  }

  /** A hash of everything that an agent meets in a step. */
  private static int met(Environment game) {
    ByteBuffer out = ByteBuffer.allocate(game.spaces().observation().bytes());
    game.observe(out);
    return Arrays.hashCode(out.array())
        + 31 * Float.hashCode(game.reward())
        + 37 * Double.hashCode(game.score())
        + (game.terminated() ? 1 : 0)
        + (game.truncated() ? 2 : 0)
        + (game.over() ? 4 : 0);
  }

  private static List<Integer> play(Environment game, int from, int to) {
    List<Integer> each = new ArrayList<>();
    int choices = game.spaces().action().outputs();
    for (int i = from; i < to; i++) {
      if (game.terminated() || game.over()) {
        game.reset(i);
      } else {
        game.step(new float[] {(i * i + i / 3) % choices}, 0);
      }
      each.add(met(game));
    }
    return each;
  }

  /** Everything that agents meet in 200 steps of five games. */
  private static List<Integer> playTogether(int threads) {
    List<Integer> each = new ArrayList<>();
    try (Environments games = sticky().make(Split.TRAIN, 5, threads)) {
      int width = games.spaces().action().width();
      boolean[] all = {true, true, true, true, true};
      float[] actions = new float[5 * width];
      for (int i = 0; i < 5; i++) {
        games.reset(i, i);
      }
      ByteBuffer out = ByteBuffer.allocate(games.spaces().observation().bytes());
      for (int t = 0; t < 200; t++) {
        for (int i = 0; i < 5; i++) {
          actions[i * width] = (t * t + i * t / 3) % games.spaces().action().outputs();
        }
        games.step(actions, all);
        for (int i = 0; i < 5; i++) {
          out.clear();
          games.observe(i, out);
          each.add(Arrays.hashCode(out.array()) + 31 * Float.hashCode(games.reward(i)));
          if (games.terminated(i) || games.truncated(i)) {
            games.reset(i, t);
          }
        }
      }
    }
    return each;
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    List<Integer> alone = playTogether(1);
    assertThat(alone.stream().distinct().count()).isGreaterThan(300);
    assertThat(playTogether(3)).isEqualTo(alone);
  }

  /**
   * Small pictures, since the contract keeps every one of them; as published: {@link
   * AleContractIT}, {@link AleStickyContractIT}.
   */
  @Test
  void keepsTheContract() {
    Ale small =
        new Ale(
            tetris().rom(), 4, 30, true, true, true, 4, 20, 0, false, 108_000, Ale.Reward.SCORE);
    assertThat(EnvironmentContract.violations(small)).isEmpty();
  }

  @Test
  void goesOnToTheBitAfterARestore() {
    for (Ale spec : List.of(tetris(), sticky())) {
      try (Environment game = spec.make(Split.TRAIN);
          Environment other = spec.make(Split.TRAIN)) {
        game.reset(1);
        int done = 0;
        for (int stop : new int[] {0, 90, 700}) {
          play(game, done, stop);
          done = stop;
          KeptState state = new KeptState();
          game.save(state);
          other.restore(state);
          assertThat(met(other)).isEqualTo(met(game));
          KeptState again = new KeptState();
          other.save(again);
          List<Integer> expected = play(game, stop, stop + 250);
          assertThat(play(other, stop, stop + 250)).isEqualTo(expected);
          game.restore(again);
        }
      }
    }
  }

  @Test
  void anEpisodeFollowsFromItsSeed() {
    try (Environment game = sticky().make(Split.TRAIN);
        Environment other = sticky().make(Split.TEST)) {
      game.reset(5);
      List<Integer> first = play(game, 0, 200);
      game.reset(6);
      assertThat(play(game, 0, 200)).isNotEqualTo(first);
      game.reset(5);
      assertThat(play(game, 0, 200)).isEqualTo(first);
      other.reset(5);
      assertThat(play(other, 0, 200)).isEqualTo(first);
    }
  }

  @Test
  void threadsChangeNothing() {
    List<List<Integer>> each = new ArrayList<>();
    for (int threads : new int[] {1, 2}) {
      try (Environments games = tetris().make(Split.TRAIN, 3, threads)) {
        for (int i = 0; i < 3; i++) {
          games.reset(i, 40 + i);
        }
        List<Integer> seen = new ArrayList<>();
        for (int step = 0; step < 150; step++) {
          for (int i = 0; i < 3; i++) {
            if (games.terminated(i) || games.over(i)) {
              games.reset(i, step);
            }
          }
          games.step(
              new float[] {step % 5, step / 2 % 5, step / 3 % 5}, new boolean[] {true, true, true});
          for (int i = 0; i < 3; i++) {
            ByteBuffer out = ByteBuffer.allocate(games.spaces().observation().bytes());
            games.observe(i, out);
            seen.add(Arrays.hashCode(out.array()));
          }
        }
        each.add(seen);
      }
    }
    assertThat(each.get(1)).isEqualTo(each.get(0));
  }

  @Test
  void survivalCountsSteps() {
    try (Environment game = sticky().make(Split.TRAIN)) {
      game.reset(3);
      double score = 0;
      int steps = 0;
      while (!game.over()) {
        game.step(new float[] {0}, 0);
        score += game.score();
        steps++;
      }
      assertThat(score).isEqualTo(steps - 1).isGreaterThan(100);
    }
  }

  @Test
  void saysWhatItIs() {
    assertThat(tetris().title()).isEqualTo("ale:tetris");
    assertThat(sticky().title()).isEqualTo("ale:tetris[survival]");
    assertThat(tetris().notes()).isEmpty();
    assertThat(sticky().notes()).hasSize(1);
    assertThat(tetris().sources())
        .singleElement()
        .satisfies(
            source -> {
              assertThat(source.bytes()).isEqualTo(2048);
              assertThat(source.sha256()).hasSize(64);
              assertThat(source.path()).endsWith("tetris.bin");
            });
    try (Environment game = tetris().make(Split.TRAIN)) {
      game.reset(1);
      assertThat(game.spaces().action().outputs()).isEqualTo(5);
      assertThat(game.render()).get().matches(image -> image.getHeight() == 210);
    }
  }

  @Test
  void hasAName() {
    Catalog.Entry entry = Catalog.load().entry(Category.ENVIRONMENT, "ale").orElseThrow();
    assertThat(entry.defaults()).isEqualTo(Ale.standard());
    assertThat(entry.required()).containsExactly("rom");
  }

  @Test
  void itsDefaultsAreThePublishedOnes() {
    assertThat(Ale.standard())
        .isEqualTo(
            new Ale(
                Path.of(""), 4, 30, true, true, true, 4, 84, 0, false, 108_000, Ale.Reward.SCORE));
  }

  @Test
  void namesAMissingFile() {
    Ale missing = Ale.standard().withRom(Path.of("no", "such.bin"));
    assertThatThrownBy(() -> missing.make(Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessage(Path.of("no", "such.bin") + ": not found");
    assertThatThrownBy(missing::sources).isInstanceOf(DataException.class);
  }

  @Test
  void refusesValuesOutOfRange() {
    assertThatThrownBy(() -> with(0, 84, 0)).hasMessageStartingWith("frameSkip = 0");
    assertThatThrownBy(() -> with(4, 161, 0)).hasMessageStartingWith("size = 161");
    assertThatThrownBy(() -> with(4, 84, 1)).hasMessageStartingWith("sticky = 1");
  }

  private static Ale with(int skip, int size, double sticky) {
    return new Ale(
        Path.of("a"), skip, 30, true, true, true, 4, size, sticky, false, 9, Ale.Reward.SCORE);
  }
}
