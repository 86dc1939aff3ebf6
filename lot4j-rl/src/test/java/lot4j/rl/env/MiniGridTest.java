package lot4j.rl.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import lot4j.checkpoint.CheckpointException;
import lot4j.checkpoint.StateReader;
import lot4j.checkpoint.StateWriter;
import lot4j.config.Catalog;
import lot4j.config.Category;
import lot4j.random.RandomStream;
import lot4j.random.Streams;
import lot4j.rl.ActionSpace;
import lot4j.rl.Environment;
import lot4j.rl.EnvironmentContract;
import lot4j.rl.EnvironmentSpec;
import lot4j.rl.ObservationSpace;
import lot4j.train.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MiniGridTest {
  static Stream<EnvironmentSpec> games() {
    return Stream.of(
        MinAtarBreakout.standard(),
        MinAtarAsterix.standard(),
        MinAtarFreeway.standard(),
        MinAtarSpaceInvaders.standard(),
        MinAtarSeaquest.standard());
  }

  @ParameterizedTest
  @MethodSource("games")
  void keepsTheContract(EnvironmentSpec spec) {
    assertThat(EnvironmentContract.violations(spec)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("games")
  void isRegisteredUnderItsTitle(EnvironmentSpec spec) {
    Catalog catalog = new Catalog();
    BuiltIns.register(catalog);
    assertThat(catalog.entry(Category.ENVIRONMENT, spec.title()).orElseThrow().defaults())
        .isEqualTo(spec);
  }

  @ParameterizedTest
  @MethodSource("games")
  void sameSeedAndActionsGiveTheSameEpisodes(EnvironmentSpec spec) {
    assertThat(digest(spec.make(Split.TRAIN), 5, 3000))
        .isEqualTo(digest(spec.make(Split.TRAIN), 5, 3000))
        .isNotEqualTo(digest(spec.make(Split.TRAIN), 6, 3000));
  }

  @ParameterizedTest
  @MethodSource("games")
  void goesOnToTheBitAfterARestore(EnvironmentSpec spec) {
    RandomStream actions = new Streams(3).named("actions");
    Environment world = spec.make(Split.TRAIN);
    for (int saved = 0; saved < 200; saved++) {
      world.reset(saved);
      for (int i = actions.below(150); i > 0 && !world.over(); i--) {
        act(world, actions.below(6));
      }
      GridState state = new GridState();
      world.save(state);
      Environment other = spec.make(Split.TRAIN);
      other.restore(state);
      assertSame(other, world);
      while (!world.over()) {
        int action = actions.below(6);
        act(world, action);
        act(other, action);
        assertSame(other, world);
      }
    }
  }

  private static void assertSame(Environment other, Environment world) {
    assertThat(seen(other)).isEqualTo(seen(world));
    assertThat(other.reward()).isEqualTo(world.reward());
    assertThat(other.terminated()).isEqualTo(world.terminated());
    assertThat(other.truncated()).isEqualTo(world.truncated());
  }

  @ParameterizedTest
  @MethodSource("games")
  void observationIsOfZerosAndOnesAndFillsItsSpace(EnvironmentSpec spec) {
    Environment world = spec.make(Split.TRAIN);
    ObservationSpace space = world.spaces().observation();
    assertThat(space.shape().size(1)).isEqualTo(10);
    assertThat(space.shape().size(2)).isEqualTo(10);
    assertThat(space.type()).isEqualTo(ObservationSpace.Type.BYTE);
    assertThat(world.spaces().action()).isEqualTo(new ActionSpace.Discrete(6));
    RandomStream actions = new Streams(1).named("actions");
    world.reset(9);
    for (int i = 0; i < 300; i++) {
      for (byte cell : seen(world)) {
        assertThat(cell).isBetween((byte) 0, (byte) 1);
      }
      act(world, actions.below(6));
      if (world.over()) {
        world.reset(i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("games")
  void pictureIsOfOneSizeAndNotBlack(EnvironmentSpec spec) {
    Environment world = spec.make(Split.TRAIN);
    world.reset(1);
    BufferedImage picture = world.render().orElseThrow();
    assertThat(picture.getWidth()).isEqualTo(200);
    assertThat(picture.getHeight()).isEqualTo(200);
    int[] pixels = picture.getRGB(0, 0, 200, 200, null, 0, 200);
    assertThat(Arrays.stream(pixels).distinct().count()).isGreaterThan(1);
  }

  @Test
  void pictureShowsEachCellInItsChannelsColour() {
    Environment world = MinAtarBreakout.standard().make(Split.TRAIN);
    world.reset(1);
    BufferedImage picture = world.render().orElseThrow();
    assertThat(picture.getRGB(4 * 20 + 10, 9 * 20 + 10)).isEqualTo(0xFF4C9BE8);
    assertThat(picture.getRGB(0, 20)).isEqualTo(0xFFD9663B);
    assertThat(picture.getRGB(0, 19)).isEqualTo(0xFF000000);
  }

  @Test
  void repeatsTheLastActionAsOftenAsItIsSticky() {
    MiniGrid world = new MiniGrid(new Still(), 0.1, 100_000);
    world.reset(4);
    int kept = 0;
    for (int i = 0; i < 50_000; i++) {
      int before = world.lastAction();
      int chosen = (before + 1) % 6;
      act(world, chosen);
      assertThat(world.lastAction()).isIn(before, chosen);
      kept += world.lastAction() == before ? 1 : 0;
    }
    // Standard error 0.0013.
    assertThat(kept / 50_000.0).isBetween(0.095, 0.105);
  }

  @Test
  void neverRepeatsWhereNothingIsStickyAndAlwaysWhereAllIs() {
    MiniGrid free = new MiniGrid(new Still(), 0, 1000);
    MiniGrid stuck = new MiniGrid(new Still(), 1, 1000);
    free.reset(1);
    stuck.reset(1);
    for (int i = 0; i < 500; i++) {
      act(free, i % 6);
      act(stuck, i % 6);
      assertThat(free.lastAction()).isEqualTo(i % 6);
      assertThat(stuck.lastAction()).isEqualTo(MiniGrid.NONE);
    }
  }

  @Test
  void anEpisodeBeginsWithoutALastAction() {
    MiniGrid world = new MiniGrid(new Still(), 0, 10);
    world.reset(1);
    act(world, MiniGrid.FIRE);
    world.reset(2);
    assertThat(world.lastAction()).isEqualTo(MiniGrid.NONE);
  }

  @Test
  void cutsOffAtTheLimitOfSteps() {
    MiniGrid world = new MiniGrid(new Still(), 0.1, 3);
    world.reset(1);
    act(world, 0);
    act(world, 0);
    assertThat(world.over()).isFalse();
    act(world, 0);
    assertThat(world.truncated()).isTrue();
    assertThat(world.terminated()).isFalse();
    assertThatThrownBy(() -> act(world, 0)).hasMessageContaining("reset first");
    world.reset(2);
    assertThat(world.truncated()).isFalse();
  }

  @Test
  void anEndByTheRulesAtTheLimitIsNoCut() {
    Still game = new Still();
    MiniGrid world = new MiniGrid(game, 0, 1);
    world.reset(1);
    game.ended = true;
    act(world, 0);
    assertThat(world.terminated()).isTrue();
    assertThat(world.truncated()).isFalse();
  }

  @Test
  void refusesWhatIsNoActionAndAStepBeforeAReset() {
    MiniGrid world = new MiniGrid(new Still(), 0, 10);
    assertThatThrownBy(() -> act(world, 0)).isInstanceOf(IllegalStateException.class);
    world.reset(1);
    assertThatThrownBy(() -> act(world, 6)).hasMessageContaining("action = 6.0 is not allowed");
    assertThatThrownBy(() -> world.step(new float[] {0.5f}, 0)).hasMessageContaining("0.5");
    assertThatThrownBy(() -> act(world, -1)).hasMessageContaining("-1.0");
  }

  @Test
  void refusesAStateOfAnotherShape() {
    GridState state = new GridState();
    MiniGrid.save(state, "rows", new int[3]);
    assertThatThrownBy(() -> MiniGrid.restore(state, "rows", new int[4]))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("rows: has 12 bytes; 16");
  }

  @Test
  void refusesKeysOutOfRange() {
    assertThatThrownBy(() -> new MinAtarBreakout(1.5, true, 10)).hasMessageContaining("sticky");
    assertThatThrownBy(() -> new MinAtarBreakout(0.1, true, 0)).hasMessageContaining("max-steps");
  }

  /** Takes one step. */
  static void act(Environment world, int action) {
    world.step(new float[] {action}, 0);
  }

  /** The present observation. */
  static byte[] seen(Environment world) {
    ByteBuffer out =
        ByteBuffer.allocate(world.spaces().observation().bytes()).order(ByteOrder.nativeOrder());
    world.observe(out);
    assertThat(out.remaining()).isZero();
    return out.array();
  }

  /** The cells of one channel that are 1, as "row,column", separated by spaces. */
  static String channel(MiniGrid.Game game, int channel) {
    byte[] cells = new byte[game.colours().length * 100];
    game.draw(cells);
    StringBuilder picture = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      if (cells[channel * 100 + i] != 0) {
        picture.append(picture.isEmpty() ? "" : " ").append(i / 10).append(',').append(i % 10);
      }
    }
    return picture.toString();
  }

  private static long digest(Environment world, long seed, int steps) {
    RandomStream actions = new Streams(2).named("actions");
    long digest = 0;
    world.reset(seed);
    for (int i = 0; i < steps; i++) {
      act(world, actions.below(6));
      digest = digest * 31 + Arrays.hashCode(seen(world));
      digest = digest * 31 + Float.hashCode(world.reward()) + (world.over() ? 1 : 0);
      if (world.over()) {
        world.reset(seed + i);
      }
    }
    return digest;
  }

  /** Nothing happens. */
  private static final class Still implements MiniGrid.Game {
    boolean ended;

    @Override
    public void begin(RandomStream chance) {
      ended = false;
    }

    @Override
    public int play(int action, RandomStream chance) {
      return 0;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void draw(byte[] cells) {}

    @Override
    public int[] colours() {
      return new int[] {0xFFFFFF};
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void restore(StateReader in) {}
  }
}
