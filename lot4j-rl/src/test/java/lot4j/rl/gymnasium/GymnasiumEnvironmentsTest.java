package lot4j.rl.gymnasium;

import static lot4j.rl.gymnasium.StandIn.bytes;
import static lot4j.rl.gymnasium.StandIn.floats;
import static lot4j.rl.gymnasium.StandIn.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lot4j.Shape;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.Environments;
import lot4j.rl.ObservationSpace;
import lot4j.train.Split;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real script in a real Python, on environments whose numbers follow from a formula. */
class GymnasiumEnvironmentsTest {
  @TempDir static Path directory;
  static String python;

  @BeforeAll
  static void findPython() {
    python = StandIn.python(directory);
  }

  private static Environments make(String id, int count, int threads) {
    return spec(python, id).make(Split.TRAIN, count, threads);
  }

  private static Environments make(String id) {
    return make(id, 1, 1);
  }

  private static void step(Environments environments, float... actions) {
    boolean[] active = new boolean[environments.count()];
    java.util.Arrays.fill(active, true);
    environments.step(actions, active);
  }

  @Test
  void tellsTheSpaces() {
    try (Environments counter = make("Counter-v0")) {
      assertThat(counter.spaces().observation()).isEqualTo(ObservationSpace.floats(3));
      assertThat(counter.spaces().action()).isEqualTo(new ActionSpace.Discrete(3));
    }
    try (Environments picture = make("Picture-v0")) {
      assertThat(picture.spaces().observation())
          .isEqualTo(ObservationSpace.bytes(1 / 255.0, 3, 5, 4));
    }
    try (Environments slide = make("Slide-v0")) {
      double most = Double.POSITIVE_INFINITY;
      assertThat(slide.spaces().action())
          .isEqualTo(new ActionSpace.Box(List.of(-1.0, -1.0), List.of(most, most)));
    }
  }

  /** The counter's choices begin at 5; its reward is a tenth of the time, plus the action. */
  @Test
  void followsTheFormula() {
    try (Environments counter = make("Counter-v0")) {
      counter.reset(0, 42);
      assertThat(floats(counter, 0)).containsExactly(0, 42, 0);
      assertThat(counter.reward(0)).isZero();
      for (int t = 1; t <= 30; t++) {
        step(counter, t % 3);
        assertThat(floats(counter, 0)).containsExactly(t, 42, 5 + t % 3);
        assertThat(counter.score(0)).isEqualTo(t * 0.1 + (5 + t % 3));
        assertThat(counter.reward(0)).isEqualTo((float) counter.score(0));
        assertThat(counter.over(0)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9})
  void stepsOnlyThoseThatAreActiveWhateverTheNumberOfProcesses(int threads) {
    try (Environments four = make("Counter-v0", 4, threads)) {
      for (int i = 0; i < 4; i++) {
        four.reset(i, 10 + i);
      }
      step(four, 0, 1, 2, 0);
      four.step(new float[] {1, 2, 1, 2}, new boolean[] {false, true, false, true});
      assertThat(floats(four, 0)).containsExactly(1, 10, 5);
      assertThat(floats(four, 1)).containsExactly(2, 11, 7);
      assertThat(floats(four, 2)).containsExactly(1, 12, 7);
      assertThat(floats(four, 3)).containsExactly(2, 13, 7);
      assertThat(four.score(0)).isEqualTo(5.1);
      assertThat(four.score(3)).isEqualTo(7.2);
    }
  }

  @Test
  void actsByNumbers() {
    try (Environments two = make("Slide-v0", 2, 1)) {
      two.reset(0, 1);
      two.reset(1, 2);
      step(two, 0.5f, -1, 30, 0.25f);
      assertThat(floats(two, 0)).containsExactly(1 + 0.5f * 0.1f, 1 - 0.1f);
      assertThat(floats(two, 1)).containsExactly(2 + 30 * 0.1f, 2 + 0.25f * 0.1f);
      assertThat(two.score(1)).isEqualTo(30.25);
    }
  }

  /** Byte 12 h + 3 w + c of the stand-in's picture stands at [c, h, w] here. */
  @Test
  void bringsTheChannelsOfPicturesToTheFront() {
    try (Environments picture = make("Picture-v0")) {
      picture.reset(0, 250);
      ByteBuffer seen = bytes(picture, 0);
      for (int c = 0; c < 3; c++) {
        for (int h = 0; h < 5; h++) {
          for (int w = 0; w < 4; w++) {
            assertThat(seen.get() & 0xff).isEqualTo((12 * h + 3 * w + c + 250) % 256);
          }
        }
      }
    }
  }

  @Test
  void leavesTheChannelsOfPicturesWhereTheyAreIfToldSo() {
    Gymnasium first = new Gymnasium("Picture-v0", python, 0, Map.of(), Channels.FIRST);
    try (Environments picture = first.make(Split.TRAIN, 1, 1)) {
      assertThat(picture.spaces().observation().shape()).isEqualTo(Shape.of(5, 4, 3));
      picture.reset(0, 0);
      assertThat(bytes(picture, 0).get(17)).isEqualTo((byte) 17);
    }
  }

  @Test
  void observesAChoiceAsOneOfMany() {
    try (Environments where = make("Where-v0")) {
      where.reset(0, 2);
      assertThat(floats(where, 0)).containsExactly(0, 0, 1, 0);
      step(where, 0);
      assertThat(floats(where, 0)).containsExactly(0, 0, 0, 1);
    }
  }

  @Test
  void terminatedIsNotTruncated() {
    Map<String, Object> three = Map.of("limit", 3);
    try (Environments counter =
        new Gymnasium("Counter-v0", python, 0, three, Channels.AUTO).make(Split.TRAIN, 1, 1)) {
      counter.reset(0, 0);
      step(counter, 0);
      step(counter, 0);
      assertThat(counter.over(0)).isFalse();
      step(counter, 0);
      assertThat(counter.terminated(0)).isTrue();
      assertThat(counter.truncated(0)).isFalse();
      counter.reset(0, 0);
      assertThat(counter.over(0)).isFalse();
    }
    try (Environments counter =
        new Gymnasium("Counter-v0", python, 2, three, Channels.AUTO).make(Split.TRAIN, 1, 1)) {
      counter.reset(0, 0);
      step(counter, 0);
      step(counter, 0);
      assertThat(counter.terminated(0)).isFalse();
      assertThat(counter.truncated(0)).isTrue();
    }
  }

  @Test
  void refusesAStepWithoutAReset() {
    try (Environments counter = make("Counter-v0")) {
      assertThatThrownBy(() -> step(counter, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("gymnasium:Counter-v0: a step without a reset before it");
    }
  }

  @Test
  void passesItsSettingsOn() {
    Map<String, Object> settings = Map.of("limit", 9, "bonus", 0.5);
    Gymnasium spec = new Gymnasium("Counter-v0", python, 0, settings, Channels.AUTO);
    assertThat(spec.title()).isEqualTo("gymnasium:Counter-v0{bonus=0.5, limit=9}");
    try (Environments counter = spec.make(Split.TRAIN, 1, 1)) {
      counter.reset(0, 0);
      step(counter, 0);
      assertThat(counter.score(0)).isEqualTo(5.6);
    }
  }

  @Test
  void whatAnEnvironmentPrintsDoesNoHarm() {
    try (Environments noisy = make("Noisy-v0")) {
      noisy.reset(0, 3);
      for (int t = 1; t <= 20; t++) {
        step(noisy, 1);
        assertThat(floats(noisy, 0)).containsExactly(t, 3, 6);
      }
    }
  }

  @Test
  void handsNotANumberOn() {
    try (Environments nan = make("Nan-v0")) {
      nan.reset(0, 3);
      step(nan, 1);
      assertThat(nan.reward(0)).isNaN();
      assertThat(floats(nan, 0)).containsExactly(Float.NaN, Float.NaN, Float.NaN);
    }
  }

  /** Seeds of 31 bits are the environment's own; of longer ones the halves are combined. */
  @Test
  void seedsAreCutTo31Bits() {
    assertThat(GymnasiumEnvironments.seedOf(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(GymnasiumEnvironments.seedOf(-1)).isZero();
    assertThat(GymnasiumEnvironments.seedOf(5L << 32 | 3)).isEqualTo(6);
  }

  @Test
  void aSingleOneDrawsPictures() {
    try (Environment picture = spec(python, "Picture-v0").make(Split.TEST)) {
      picture.reset(1);
      BufferedImage image = picture.render().orElseThrow();
      assertThat(image.getWidth()).isEqualTo(4);
      assertThat(image.getHeight()).isEqualTo(5);
      // Pixel (x 1, y 2) holds bytes 27, 28, 29 of the picture, plus the seed.
      assertThat(image.getRGB(1, 2) & 0xffffff).isEqualTo(28 << 16 | 29 << 8 | 30);
    }
    try (Environment counter = spec(python, "Counter-v0").make(Split.TEST)) {
      counter.reset(1);
      counter.step(new float[] {9, 2}, 1);
      assertThat(counter.score()).isEqualTo(7.1);
      assertThat(counter.render()).isEmpty();
    }
  }

  @Test
  void endsItsProcesses() {
    GymnasiumEnvironments two = (GymnasiumEnvironments) make("Counter-v0", 2, 2);
    List<ProcessHandle> processes = two.processes();
    assertThat(processes).hasSize(2).allMatch(ProcessHandle::isAlive);
    two.close();
    two.close();
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
  }
}
