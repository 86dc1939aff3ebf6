package lot4j.rl.gymnasium;

import static lot4j.rl.gymnasium.StandIn.bytes;
import static lot4j.rl.gymnasium.StandIn.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lot4j.checkpoint.Checkpoint;
import lot4j.checkpoint.CheckpointStore;
import lot4j.checkpoint.StateReader;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentException;
import lot4j.rl.Environments;
import lot4j.train.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saved in the middle of episodes, played again in other processes. */
class RestoreTest {
  @TempDir Path directory;
  private String python;

  @BeforeEach
  void findPython() {
    python = StandIn.python(directory);
  }

  private StateReader saved(Environments environments) {
    Path file = new CheckpointStore(directory, 1, Map.of()).save(1, Map.of(), environments::save);
    return Checkpoint.open(file).state();
  }

  /** Three episodes of different lengths; one environment has not begun, one has just ended. */
  private static void play(Environments four) {
    four.reset(0, 17);
    four.reset(1, 5_000_000_000L);
    four.reset(2, 3);
    float[] actions = new float[4 * four.spaces().action().width()];
    for (int t = 0; t < 1000; t++) {
      for (int i = 0; i < actions.length; i++) {
        actions[i] = (t + i) % 3;
      }
      four.step(actions, new boolean[] {true, t % 2 == 0, t < 7, false});
    }
  }

  private static List<Object> goOn(Environments four) {
    List<Object> seen = new ArrayList<>();
    four.reset(0, 99);
    four.reset(3, 98);
    float[] actions = new float[4 * four.spaces().action().width()];
    for (int t = 0; t < 5; t++) {
      four.step(actions, new boolean[] {true, true, true, true});
      for (int i = 0; i < 4; i++) {
        seen.add(bytes(four, i));
        seen.add(four.score(i));
        seen.add(four.over(i));
      }
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Counter-v0", "Slide-v0", "Picture-v0", "Nan-v0"})
  void goesOnToTheBitInOtherProcesses(String id) {
    Gymnasium spec = spec(python, id);
    try (Environments one = spec.make(Split.TRAIN, 4, 1);
        Environments other = spec.make(Split.TRAIN, 4, 2)) {
      play(one);
      other.restore(saved(one));
      for (int i = 0; i < 4; i++) {
        assertThat(bytes(other, i)).isEqualTo(bytes(one, i));
        assertThat((Double) other.score(i)).isEqualTo((Double) one.score(i));
        assertThat(other.terminated(i)).isEqualTo(one.terminated(i));
        assertThat(other.truncated(i)).isEqualTo(one.truncated(i));
      }
      assertThat(goOn(other)).isEqualTo(goOn(one));
    }
  }

  @Test
  void aSingleOneGoesOnToTheBit() {
    Gymnasium spec = spec(python, "Slide-v0");
    try (Environment one = spec.make(Split.TEST);
        Environment other = spec.make(Split.TEST)) {
      one.reset(5);
      one.step(new float[] {0.3f, -0.7f}, 0);
      Path file = new CheckpointStore(directory, 1, Map.of()).save(1, Map.of(), one::save);
      other.restore(Checkpoint.open(file).state());
      assertThat(other.reward()).isEqualTo(one.reward());
      one.step(new float[] {0.1f, 0.2f}, 0);
      other.step(new float[] {0.1f, 0.2f}, 0);
      ByteBuffer seen = ByteBuffer.allocate(8);
      ByteBuffer seenByOther = ByteBuffer.allocate(8);
      one.observe(seen);
      other.observe(seenByOther);
      assertThat(seenByOther.array()).isEqualTo(seen.array());
    }
  }

  @Test
  void whatWasRestoredCanBeSavedAgain() {
    Gymnasium spec = spec(python, "Counter-v0");
    try (Environments one = spec.make(Split.TRAIN, 4, 1);
        Environments two = spec.make(Split.TRAIN, 4, 1);
        Environments three = spec.make(Split.TRAIN, 4, 1)) {
      play(one);
      two.restore(saved(one));
      two.reset(0, 1);
      two.step(new float[] {1, 2, 0, 0}, new boolean[] {true, true, false, false});
      StateReader again =
          Checkpoint.open(
                  new CheckpointStore(directory.resolve("b"), 1, Map.of())
                      .save(1, Map.of(), two::save))
              .state();
      three.restore(again);
      assertThat(goOn(three)).isEqualTo(goOn(two));
    }
  }

  @Test
  void refusesAnEnvironmentThatDoesNotFollowItsSeed() {
    Gymnasium spec = spec(python, "Forgets-v0");
    try (Environments one = spec.make(Split.TRAIN, 1, 1);
        Environments other = spec.make(Split.TRAIN, 1, 1)) {
      one.reset(0, 4);
      one.reset(0, 4);
      one.step(new float[] {0}, new boolean[] {true});
      StateReader saved = saved(one);
      assertThatThrownBy(() -> other.restore(saved))
          .isInstanceOf(EnvironmentException.class)
          .hasMessage(
              "gymnasium:Forgets-v0: environment 0 does not repeat itself from its seed, so that"
                  + " the run cannot go on to the bit: it observes something else after its"
                  + " episode was played again (steps: 1)");
    }
  }

  @Test
  void refusesAnEpisodeThatEndsEarlierThanItDid() {
    Gymnasium longer = spec(python, "Counter-v0");
    Gymnasium shorter = new Gymnasium("Counter-v0", python, 3, Map.of(), Channels.AUTO);
    try (Environments one = longer.make(Split.TRAIN, 1, 1);
        Environments other = shorter.make(Split.TRAIN, 1, 1)) {
      one.reset(0, 4);
      for (int t = 0; t < 5; t++) {
        one.step(new float[] {0}, new boolean[] {true});
      }
      StateReader saved = saved(one);
      assertThatThrownBy(() -> other.restore(saved))
          .hasMessageContaining("it ended at step 3 after its episode was played again (steps: 5)");
    }
  }
}
