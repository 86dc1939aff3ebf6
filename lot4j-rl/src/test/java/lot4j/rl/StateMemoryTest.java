package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.arange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.random.Streams;
import lot4j.train.Portion;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The students' states: the most recent ones, as they were. */
class StateMemoryTest {
  private static final ObservationSpace ONE = ObservationSpace.floats(1);
  private static final Ppo PPO = new Ppo(PpoConfig.standard(), (networks, split) -> List.of());

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Writes numbers one up from {@code first} into a rollout's rows, over what was there. */
  private static void fill(Observations rows, int first, int count) {
    for (int i = 0; i < count; i++) {
      rows.stored().select(0, i).fill_(new Scalar((double) first + i));
    }
  }

  private static double[] held(StateMemory memory) {
    double[] held = Numbers.of(memory.at(arange(new Scalar(memory.size()))));
    Arrays.sort(held);
    return held;
  }

  private static double[] range(int from, int to) {
    return IntStream.range(from, to).mapToDouble(i -> i).toArray();
  }

  /**
   * The released code held ten times the newest rollout: it kept views of one buffer. Every rollout
   * is written over the one before here, too.
   */
  @Test
  void whatIsHeldStaysWhenTheRolloutIsWrittenOver() {
    try (Observations rollout = new Observations(ONE, 8);
        StateMemory memory = new StateMemory(ONE, 80)) {
      for (int i = 0; i < 10; i++) {
        fill(rollout, 8 * i, 8);
        memory.add(rollout, 8);
        assertThat(held(memory)).isEqualTo(range(0, 8 * (i + 1)));
      }
      fill(rollout, 1000, 8);
      assertThat(held(memory)).isEqualTo(range(0, 80));
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 4", "10, 10", "10, 3", "7, 10", "1, 1", "12, 5", "3, 8"})
  void holdsTheMostRecentStates(int capacity, int size) {
    try (Observations rollout = new Observations(ONE, size + 2);
        StateMemory memory = new StateMemory(ONE, capacity)) {
      int met = 0;
      for (int i = 0; i < 9; i++) {
        fill(rollout, met, size + 2); // the two rows after the rollout are none of its own
        memory.add(rollout, size);
        met += size;
        assertThat(memory.size()).isEqualTo(Math.min(met, capacity));
        assertThat(held(memory)).isEqualTo(range(Math.max(0, met - capacity), met));
      }
    }
  }

  @Test
  void numbersOfChangingSizeKeepTheOrderOfTime() {
    SplittableRandom random = new SplittableRandom(3);
    try (Observations rollout = new Observations(ONE, 20);
        StateMemory memory = new StateMemory(ONE, 13)) {
      int met = 0;
      for (int i = 0; i < 60; i++) {
        int size = 1 + random.nextInt(20);
        fill(rollout, met, size);
        memory.add(rollout, size);
        met += size;
        assertThat(held(memory)).isEqualTo(range(Math.max(0, met - 13), met));
      }
    }
  }

  @Test
  void bytesAreKeptAsBytesAndSeenScaled() {
    ObservationSpace grey = ObservationSpace.bytes(1 / 255.0, 2);
    try (Observations rollout = new Observations(grey, 3);
        StateMemory memory = new StateMemory(grey, 2)) {
      fill(rollout, 253, 3);
      memory.add(rollout, 3);
      assertThat(held(memory))
          .containsExactly(new double[] {254 / 255.0, 254 / 255.0, 1, 1}, within(1e-7));
      assertThat(rollout.stored().element_size()).isEqualTo(1);
    }
  }

  private static List<Double> states(List<Minibatch> batches) {
    List<Double> states = new ArrayList<>();
    for (Minibatch batch : batches) {
      assertThat(batch.experience()).isEmpty();
      assertThat(batch.taken()).isZero();
      Arrays.stream(Numbers.of(batch.observations())).forEach(states::add);
    }
    return states;
  }

  private static ReplayStream stream(StateMemory memory, int batch, int accumulate) {
    return new ReplayStream(
        memory, batch, accumulate, new Streams(4).named("order.student"), Players.alone());
  }

  @ParameterizedTest
  @CsvSource({"4, 1", "5, 2", "10, 1", "3, 3", "1, 1", "13, 1"})
  void aPassGivesEveryStateOnce(int batch, int accumulate) {
    try (Observations rollout = new Observations(ONE, 10);
        StateMemory memory = new StateMemory(ONE, 13);
        ReplayStream stream = stream(memory, batch, accumulate)) {
      fill(rollout, 0, 10);
      memory.add(rollout, 10);
      fill(rollout, 10, 10);
      memory.add(rollout, 10);
      List<Double> before = List.of();
      for (int pass = 0; pass < 3; pass++) {
        List<Double> states = new ArrayList<>();
        int steps = 0;
        for (Iterator<Portion<Minibatch>> it = stream.pass(PPO); it.hasNext(); steps++) {
          states.addAll(states(it.next().batches()));
        }
        assertThat(steps).isEqualTo((13 + batch * accumulate - 1) / (batch * accumulate));
        assertThat(states).hasSize(13);
        assertThat(states.stream().mapToDouble(s -> s).sorted().toArray()).isEqualTo(range(7, 20));
        assertThat(states).isNotEqualTo(before);
        before = states;
      }
    }
  }

  @Test
  void everyStateIsDrawnAsOftenAsAnyOther() {
    try (Observations rollout = new Observations(ONE, 10);
        StateMemory memory = new StateMemory(ONE, 15);
        ReplayStream stream = stream(memory, 50, 2)) {
      for (int first = 0; first < 30; first += 10) {
        fill(rollout, first, 10);
        memory.add(rollout, 10);
      }
      int[] drawn = new int[30];
      int draws = 0;
      for (int step = 0; step < 150; step++) {
        List<Minibatch> batches = stream.next();
        assertThat(batches).hasSize(2);
        for (double state : states(batches)) {
          drawn[(int) state]++;
          draws++;
        }
      }
      assertThat(draws).isEqualTo(15_000);
      double chiSquare = 0;
      for (int state = 0; state < 30; state++) {
        if (state < 15) {
          assertThat(drawn[state]).as("state %d is gone", state).isZero();
        } else {
          chiSquare += (drawn[state] - 1000.0) * (drawn[state] - 1000.0) / 1000.0;
        }
      }
      assertThat(chiSquare).isLessThan(36.1); // 14 degrees of freedom, 0.1 %
    }
  }

  @Test
  void withoutStatesNothingCanBeDrawn() {
    try (StateMemory memory = new StateMemory(ONE, 4);
        ReplayStream stream = stream(memory, 2, 1)) {
      assertThat(catchThrowable(stream::next))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("replay");
      assertThat(stream.pass(PPO).hasNext()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void goesOnWhereItWasSaved(int rollouts) {
    try (Observations rollout = new Observations(ONE, 4);
        StateMemory memory = new StateMemory(ONE, 10);
        ReplayStream stream = stream(memory, 3, 1);
        StateMemory copy = new StateMemory(ONE, 10);
        ReplayStream other = stream(copy, 3, 1)) {
      for (int i = 0; i < rollouts; i++) {
        fill(rollout, 4 * i, 4);
        memory.add(rollout, 4);
        stream.next();
      }
      Snapshot state = new Snapshot(scope);
      stream.save(state);
      other.restore(state);
      for (int i = 0; i < 4; i++) {
        fill(rollout, 100 + 4 * i, 4);
        memory.add(rollout, 4);
        copy.add(rollout, 4);
        assertThat(states(other.next())).isEqualTo(states(stream.next()));
        assertThat(held(copy)).isEqualTo(held(memory));
      }
    }
  }

  /** Through the stream that fills it: what students see is what the teacher met. */
  @Test
  void theTeachersStatesComeFromItsRollouts() {
    List<CountingWorld> worlds = CountingWorld.several(2, new ActionSpace.Discrete(3));
    PpoConfig config = PpoConfig.standard();
    Streams streams = new Streams(5);
    ObservationSpace space = worlds.get(0).spaces().observation();
    Rollout rollout =
        new Rollout(
            Learner.of(RolloutTest.CHOICES, Descent.none()),
            new Copies(worlds, 1),
            "counting",
            5,
            config,
            streams,
            Players.alone());
    try (RolloutStream task =
            new RolloutStream(
                rollout, config, 10, 1, streams.named("order.task"), Players.alone());
        StateMemory memory = new StateMemory(space, 24)) {
      task.remember(memory);
      for (int step = 0; step < 4 * config.epochs(); step++) {
        task.next();
      }
      TreeSet<String> held = new TreeSet<>();
      double[] seen = Numbers.of(memory.at(arange(new Scalar(memory.size()))));
      for (int row = 0; row < seen.length / 3; row++) {
        held.add(Arrays.toString(Arrays.copyOfRange(seen, 3 * row, 3 * row + 3)));
      }
      TreeSet<String> met = new TreeSet<>();
      for (CountingWorld world : worlds) {
        assertThat(world.journal()).hasSize(20);
        for (CountingWorld.Step step : world.journal().subList(8, 20)) {
          float[] before = step.before();
          met.add(Arrays.toString(new double[] {before[0], before[1], before[2]}));
        }
      }
      assertThat(held).isEqualTo(met).hasSize(24);
    }
  }
}
