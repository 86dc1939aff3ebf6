package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.distributed.Company;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two processes, here threads, that act for one run: what is each one's, and what is of both. */
@Timeout(value = 3, unit = TimeUnit.MINUTES) // who waits for another may wait without end
class PlayersTest {
  private static final ActionSpace THREE = new ActionSpace.Discrete(3);
  private static final int ENVS = 2;
  private static final int TIME = 7;

  private static Crews crew;

  @BeforeAll
  static void join() throws IOException {
    crew = new Crews(2);
  }

  @AfterAll
  static void leave() {
    crew.close();
  }

  private static PpoConfig config(boolean normalise, Optional<Double> targetKl) {
    return new PpoConfig(
        0.9, 0.8, 2, 0.2, Optional.empty(), 0.5, 0, normalise, normalise, targetKl);
  }

  private static Rollout rollout(List<CountingWorld> worlds, PpoConfig config, Players players) {
    return new Rollout(
        Learner.of(RolloutTest.CHOICES, Descent.none()),
        new Copies(worlds, 1),
        "counting",
        TIME,
        config,
        new Streams(5),
        players);
  }

  private static RolloutStream stream(PpoConfig config, Players players) {
    Rollout rollout = rollout(CountingWorld.several(ENVS, THREE), config, players);
    return new RolloutStream(
        rollout, config, 4, 1, players.stream(new Streams(5), "order.task"), players);
  }

  @Test
  void sumsAreTheSameForAll() {
    List<double[]> sums =
        crew.each(
            company -> Players.of(company).sums(company.rank() + 0.1, 10.0 * (1 + company.rank())));
    assertThat(sums).allSatisfy(each -> assertThat(each).containsExactly(0.1 + 1.1, 30));
    assertThat(Players.alone().sums(3, 4)).containsExactly(3, 4);
  }

  /** Of one process with all environments: the same seeds in the same order. */
  @Test
  void environmentsAreNumberedOverAllProcesses() {
    List<CountingWorld> all = CountingWorld.several(2 * ENVS, THREE);
    try (PointerScope scope = new PointerScope();
        Rollout alone = rollout(all, config(false, Optional.empty()), Players.alone())) {
      alone.collect();
      alone.collect();
    }
    List<List<CountingWorld>> worlds =
        crew.each(
            company -> {
              // numbered as in the one process, for their episodes' lengths go by it
              int from = company.rank() * ENVS;
              List<CountingWorld> own =
                  CountingWorld.several(2 * ENVS, THREE).subList(from, from + ENVS);
              try (PointerScope scope = new PointerScope();
                  Rollout rollout =
                      rollout(own, config(false, Optional.empty()), Players.of(company))) {
                rollout.collect();
                rollout.collect();
              }
              return own;
            });
    assertThat(worlds.stream().flatMap(List::stream).map(CountingWorld::seeds).toList())
        .isEqualTo(all.stream().map(CountingWorld::seeds).toList());
  }

  /** Rank 0 draws what one alone draws; the others draw something else. */
  @Test
  void actionsAndOrdersAreEachOnesOwn() {
    List<long[]> drawn =
        crew.each(
            company ->
                Stream.of("action", "order.task", "order.student")
                    .mapToLong(
                        name ->
                            Players.of(company).stream(new Streams(5), name).generator().nextLong())
                    .toArray());
    long[] alone =
        Stream.of("action", "order.task", "order.student")
            .mapToLong(name -> new Streams(5).named(name).generator().nextLong())
            .toArray();
    assertThat(drawn.get(0)).isEqualTo(alone);
    assertThat(Arrays.stream(drawn.get(1)).filter(n -> Arrays.stream(alone).anyMatch(a -> a == n)))
        .isEmpty();
  }

  private record Seen(Map<String, Double> report, double[] advantages, double[] returns) {}

  private static Seen collected(Company company) {
    List<CountingWorld> worlds =
        CountingWorld.several(2 * ENVS, THREE)
            .subList(company.rank() * ENVS, (company.rank() + 1) * ENVS);
    try (PointerScope scope = new PointerScope();
        Rollout rollout = rollout(worlds, config(false, Optional.empty()), Players.of(company))) {
      rollout.collect();
      Experience experience = rollout.experience();
      return new Seen(
          rollout.report(), Numbers.of(experience.advantages()), Numbers.of(experience.returns()));
    }
  }

  @Test
  void whatIsReportedIsOfAllRollouts() {
    List<Seen> seen = crew.each(PlayersTest::collected);
    double gaps = variance(both(seen.get(0).advantages(), seen.get(1).advantages()));
    double returns = variance(both(seen.get(0).returns(), seen.get(1).returns()));
    assertThat(seen.get(1).report()).isEqualTo(seen.get(0).report());
    assertThat(seen.get(0).report().get("teacher/explained_variance"))
        .isCloseTo(1 - gaps / returns, within(1e-6));

    // one alone with the same policy: episodes end by their numbers, whatever is done in them
    List<CountingWorld> all = CountingWorld.several(2 * ENVS, THREE);
    try (PointerScope scope = new PointerScope();
        Rollout alone = rollout(all, config(false, Optional.empty()), Players.alone())) {
      alone.collect();
      Map<String, Double> report = alone.report();
      for (String name : List.of("episodes", "teacher/episode_length")) {
        assertThat(seen.get(0).report().get(name)).as(name).isEqualTo(report.get(name));
      }
      assertThat(seen.get(0).report().get("teacher/return"))
          .isCloseTo(report.get("teacher/return"), within(1.0)); // actions count an eighth
    }
  }

  private static double[] both(double[] first, double[] second) {
    return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private static double variance(double[] numbers) {
    double mean = Arrays.stream(numbers).average().orElseThrow();
    return Arrays.stream(numbers).map(n -> (n - mean) * (n - mean)).average().orElseThrow();
  }

  /** After each rollout all divide by the deviation of all discounted sums that any has seen. */
  @Test
  void rewardsAreScaledByWhatAllHaveSeen() {
    double[][] rewards = {{1, 5, -2, 8}, {100, 90, 120, 80}};
    List<double[]> scaled =
        crew.each(
            company -> {
              RewardScale scale = new RewardScale(0, 1); // no discounted past: sums are rewards
              for (double reward : rewards[company.rank()]) {
                scale.scale(new double[] {reward}, 0, new boolean[1]);
              }
              scale.share(Players.of(company));
              double[] next = {50 * (1 + company.rank())};
              // one more is taken note of before it is divided: of a weight that is known
              scale.scale(next, 0, new boolean[1]);
              return next;
            });
    double prior = 1e-4;
    double[] all = both(rewards[0], rewards[1]);
    double sum = Arrays.stream(all).sum();
    double n = all.length + 2 * prior;
    double mean = sum / n;
    double squares = (Arrays.stream(all).map(r -> r * r).sum() + 2 * prior) / n - mean * mean;
    for (int rank = 0; rank < 2; rank++) {
      double reward = 50 * (1 + rank);
      double count = n / 2;
      double gap = reward - mean;
      double variance = (squares * count + gap * gap * count / (count + 1)) / (count + 1);
      assertThat(scaled.get(rank)[0]).isCloseTo(reward / Math.sqrt(variance + 1e-8), within(1e-9));
    }
  }

  /** The mean over both decides, and both decide alike: 0.1 is too far. */
  @ParameterizedTest
  @CsvSource({"0.05, 0.16, true", "0.16, 0.05, true", "0.15, 0.02, false", "0.02, 0.15, false"})
  void theyPassOverTheSameSteps(double first, double second, boolean moved) {
    double[] drifts = {first, second};
    List<Boolean> over =
        crew.each(
            company -> {
              try (PointerScope scope = new PointerScope();
                  RolloutStream stream =
                      stream(config(true, Optional.of(0.1)), Players.of(company))) {
                stream.next().get(0).drift(drifts[company.rank()]);
                return stream.next().isEmpty();
              }
            });
    assertThat(over).containsExactly(moved, moved);
  }

  /** Saved between the step that went too far and the one that would see it. */
  @ParameterizedTest
  @CsvSource({"0.05, 0.16, true", "0.02, 0.15, false"})
  void theyDecideAlikeAfterACheckpoint(double first, double second, boolean moved) {
    double[] drifts = {first, second};
    List<List<Boolean>> over =
        crew.each(
            company -> {
              PpoConfig config = config(true, Optional.of(0.1));
              try (PointerScope scope = new PointerScope();
                  RolloutStream stream = stream(config, Players.of(company));
                  RolloutStream other = stream(config, Players.of(company))) {
                stream.next().get(0).drift(drifts[company.rank()]);
                Snapshot state = new Snapshot(scope);
                stream.save(state);
                other.restore(state);
                List<Boolean> passed = new ArrayList<>();
                for (int step = 0; step < 9; step++) {
                  passed.add(other.next().isEmpty());
                }
                return passed;
              }
            });
    // four minibatches a pass, two passes: the rest of the rollout, then the next one
    List<Boolean> expected = new ArrayList<>(java.util.Collections.nCopies(7, moved));
    expected.addAll(List.of(false, false));
    assertThat(over).containsExactly(expected, expected);
  }

  /** Over both processes' parts of it a minibatch's advantages have mean 0 and deviation 1. */
  @Test
  void advantagesAreNormalisedOverTheWholeMinibatch() {
    PpoConfig config = config(true, Optional.empty());
    List<List<double[]>> parts =
        crew.each(
            company -> {
              try (PointerScope scope = new PointerScope();
                  RolloutStream stream = stream(config, Players.of(company))) {
                List<double[]> advantages = new ArrayList<>();
                for (int step = 0; step < 8; step++) {
                  Experience experience = stream.next().get(0).experience().orElseThrow();
                  advantages.add(Numbers.of(experience.advantages()));
                }
                return advantages;
              }
            });
    for (int step = 0; step < 8; step++) {
      double[] whole = both(parts.get(0).get(step), parts.get(1).get(step));
      double n = whole.length;
      assertThat(Arrays.stream(whole).sum()).isCloseTo(0, within(1e-4));
      assertThat(variance(whole) * n / (n - 1)).isCloseTo(1, within(1e-4));
      assertThat(Arrays.stream(parts.get(0).get(step)).sum()).isNotCloseTo(0, within(1e-3));
    }
  }
}
