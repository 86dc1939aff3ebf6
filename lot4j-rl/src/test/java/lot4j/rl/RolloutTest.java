package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.stack;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import lot4j.Descent;
import lot4j.Distribution;
import lot4j.Learner;
import lot4j.Memory;
import lot4j.Network;
import lot4j.Output;
import lot4j.random.Streams;
import lot4j.rl.CountingWorld.Step;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a rollout keeps is what happened. */
class RolloutTest {
  private static final int TIME = 7;
  private static final ActionSpace THREE = new ActionSpace.Discrete(3);
  private static final ActionSpace BOX =
      new ActionSpace.Box(List.of(-0.5, -2.0), List.of(0.5, 2.0));

  private PointerScope scope;
  private int asked;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A value that tells the observation: 0.01 · number + 0.1 · episode + step. */
  static double value(float[] seen) {
    return 0.01 * seen[0] + 0.1 * seen[1] + seen[2];
  }

  private static Tensor values(Tensor inputs) {
    return inputs
        .select(1, 0)
        .mul(new Scalar(0.01))
        .add(inputs.select(1, 1).mul(new Scalar(0.1)))
        .add(inputs.select(1, 2));
  }

  /** Logits 0, step / 4 and number / 2. */
  static final Network CHOICES =
      (inputs, memory) -> {
        Tensor zero = inputs.select(1, 0).mul(new Scalar(0.0));
        Tensor logits =
            stack(
                new TensorVector(
                    zero,
                    inputs.select(1, 2).mul(new Scalar(0.25)),
                    inputs.select(1, 0).mul(new Scalar(0.5))),
                1);
        return new Output(new Distribution.Categorical(logits), Map.of("value", values(inputs)));
      };

  /** Means step / 2 and number, deviations 1 and 2. */
  static final Network NUMBERS =
      (inputs, memory) ->
          new Output(
              new Distribution.DiagonalNormal(
                  cat(
                      new TensorVector(
                          inputs.narrow(1, 2, 1).mul(new Scalar(0.5)), inputs.narrow(1, 0, 1)),
                      1),
                  tensor(0f, (float) Math.log(2))),
              Map.of("value", values(inputs)));

  private static PpoConfig config(boolean normalizeRewards) {
    return new PpoConfig(
        0.9, 0.8, 2, 0.2, Optional.empty(), 0.5, 0, false, normalizeRewards, Optional.empty());
  }

  private Rollout rollout(List<CountingWorld> worlds, Network policy, PpoConfig config) {
    Network watched =
        (inputs, memory) -> {
          asked++;
          return policy.forward(inputs, memory);
        };
    return new Rollout(
        Learner.of(watched, Descent.none()),
        new Copies(worlds, 1),
        "counting",
        TIME,
        config,
        new Streams(5),
        Players.alone());
  }

  /** Steps of rollout number {@code index} in the rollout's order. */
  private static List<Step> happened(List<CountingWorld> worlds, int index) {
    List<Step> steps = new ArrayList<>();
    for (int t = 0; t < TIME; t++) {
      for (CountingWorld world : worlds) {
        steps.add(world.journal().get(index * TIME + t));
      }
    }
    return steps;
  }

  private static double[] numbers(List<Step> steps, ToDoubleFunction<Step> of) {
    return steps.stream().mapToDouble(of).toArray();
  }

  @Test
  void whatIsStoredIsWhatHappened() {
    List<CountingWorld> worlds = CountingWorld.several(3, THREE);
    try (Rollout rollout = rollout(worlds, CHOICES, config(false))) {
      for (int index = 0; index < 3; index++) {
        rollout.collect();
        List<Step> steps = happened(worlds, index);
        List<float[]> before = steps.stream().map(Step::before).toList();
        assertThat(Numbers.of(rollout.observations().seen(0, rollout.size())))
            .isEqualTo(flat(before));
        assertThat(Numbers.of(rollout.observations().seen(rollout.size(), 3)))
            .isEqualTo(flat(worlds.stream().map(CountingWorld::seen).toList()));
        Experience kept = rollout.experience();
        assertThat(Numbers.of(kept.actions())).isEqualTo(numbers(steps, s -> s.action()[0]));
        assertThat(Numbers.of(kept.values()))
            .containsExactly(numbers(steps, s -> value(s.before())), within(1e-6));
        Output then = CHOICES.forward(rollout.observations().seen(0, rollout.size()), new Memory());
        assertThat(Numbers.of(kept.logProbabilities()))
            .containsExactly(
                Numbers.of(Policies.judge(then.distribution(), kept.actions()).logProbability()),
                within(1e-6));
      }
      assertThat(worlds).allMatch(world -> world.journal().size() == 3 * TIME);
    }
  }

  private static double[] flat(List<float[]> rows) {
    return rows.stream()
        .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]))
        .toArray();
  }

  private double[] advantages(List<CountingWorld> worlds, List<Step> steps, double[] rewards) {
    int n = steps.size();
    double[] values = Arrays.copyOf(numbers(steps, s -> value(s.before())), n + worlds.size());
    for (int i = 0; i < worlds.size(); i++) {
      values[n + i] = value(worlds.get(i).seen());
    }
    boolean[] terminated = new boolean[n];
    boolean[] truncated = new boolean[n];
    for (int i = 0; i < n; i++) {
      terminated[i] = steps.get(i).terminated();
      truncated[i] = steps.get(i).truncated();
    }
    return config(false)
        .gae()
        .advantages(
            worlds.size(),
            rewards,
            values,
            terminated,
            truncated,
            numbers(steps, s -> value(s.after())));
  }

  /** Cut episodes go on from what was last seen, not from the next episode's beginning. */
  @Test
  void advantagesComeFromTheLastObservationOfACutEpisode() {
    List<CountingWorld> worlds = CountingWorld.several(3, THREE);
    try (Rollout rollout = rollout(worlds, CHOICES, config(false))) {
      boolean cut = false;
      for (int index = 0; index < 4; index++) {
        rollout.collect();
        List<Step> steps = happened(worlds, index);
        double[] expected = advantages(worlds, steps, numbers(steps, Step::reward));
        double[] own = numbers(steps, s -> value(s.before()));
        Experience kept = rollout.experience();
        assertThat(Numbers.of(kept.advantages())).containsExactly(expected, within(1e-3));
        double[] returns = new double[own.length];
        for (int i = 0; i < own.length; i++) {
          returns[i] = own[i] + expected[i];
        }
        assertThat(Numbers.of(kept.returns())).containsExactly(returns, within(1e-3));
        cut |= steps.stream().anyMatch(s -> s.truncated() && !s.terminated());
      }
      assertThat(cut).isTrue();
    }
  }

  @Test
  void numbersAreKeptAsDrawnAndCutForTheWorld() {
    List<CountingWorld> worlds = CountingWorld.several(2, BOX);
    try (Rollout rollout = rollout(worlds, NUMBERS, config(false))) {
      rollout.collect();
      Experience kept = rollout.experience();
      double[] drawn = Numbers.of(kept.actions());
      List<Step> steps = happened(worlds, 0);
      assertThat(kept.actions().size(0)).isEqualTo(steps.size());
      assertThat(kept.actions().size(1)).isEqualTo(2);
      boolean outside = false;
      for (int i = 0; i < steps.size(); i++) {
        float[] taken = steps.get(i).action();
        assertThat(taken[0]).isEqualTo((float) Math.min(0.5, Math.max(-0.5, drawn[2 * i])));
        assertThat(taken[1]).isEqualTo((float) Math.min(2, Math.max(-2, drawn[2 * i + 1])));
        outside |= taken[0] != (float) drawn[2 * i];
      }
      assertThat(outside).isTrue();
      Output then = NUMBERS.forward(rollout.observations().seen(0, rollout.size()), new Memory());
      assertThat(Numbers.of(kept.logProbabilities()))
          .containsExactly(
              Numbers.of(Policies.judge(then.distribution(), kept.actions()).logProbability()),
              within(1e-5));
    }
  }

  @Test
  void theTeacherIsAskedOnceATimeOnceAtTheEndAndOnceForEachTimeWithCuts() {
    List<CountingWorld> worlds = CountingWorld.several(3, THREE);
    try (Rollout rollout = rollout(worlds, CHOICES, config(false))) {
      for (int index = 0; index < 3; index++) {
        asked = 0;
        rollout.collect();
        List<Step> steps = happened(worlds, index);
        int cuts = 0;
        for (int t = 0; t < TIME; t++) {
          boolean any =
              steps.subList(3 * t, 3 * t + 3).stream()
                  .anyMatch(s -> s.truncated() && !s.terminated());
          cuts += any ? 1 : 0;
        }
        assertThat(asked).isEqualTo(TIME + 1 + cuts);
      }
    }
  }

  @Test
  void episodesAreReportedOnceThoughTheyGoOverRolloutEnds() {
    List<CountingWorld> worlds = CountingWorld.several(3, THREE);
    try (Rollout rollout = rollout(worlds, CHOICES, config(true))) {
      double episodes = 0;
      double returns = 0;
      double lengths = 0;
      for (int index = 0; index < 5; index++) {
        rollout.collect();
        if (index % 2 == 0) {
          Map<String, Double> report = rollout.report();
          episodes += report.get("episodes");
          returns += report.get("teacher/return") * report.get("episodes");
          lengths += report.get("teacher/episode_length") * report.get("episodes");
          assertThat(report).containsKey("teacher/explained_variance");
          assertThat(rollout.report()).isEmpty();
        }
      }
      double count = 0;
      double sum = 0;
      double steps = 0;
      for (CountingWorld world : worlds) {
        double score = 0;
        double length = 0;
        for (Step step : world.journal()) {
          score += step.reward();
          length++;
          if (step.terminated() || step.truncated()) {
            count++;
            sum += score;
            steps += length;
            score = 0;
            length = 0;
          }
        }
      }
      assertThat(episodes).isEqualTo(count);
      assertThat(lengths).isEqualTo(steps, within(1e-9));
      assertThat(returns).isEqualTo(sum, within(1e-6)); // as they are, though learning scales them
    }
  }

  /** The running moments as a program would that keeps everything it has seen. */
  @Test
  void scaledRewardsAreDividedByTheDeviationOfTheirDiscountedSums() {
    List<CountingWorld> worlds = CountingWorld.several(3, THREE);
    try (Rollout rollout = rollout(worlds, CHOICES, config(true))) {
      List<Double> sums = new ArrayList<>();
      double[] running = new double[3];
      for (int index = 0; index < 3; index++) {
        rollout.collect();
        List<Step> steps = happened(worlds, index);
        double[] scaled = new double[steps.size()];
        for (int t = 0; t < TIME; t++) {
          for (int i = 0; i < 3; i++) {
            running[i] = running[i] * 0.9 + steps.get(3 * t + i).reward();
            sums.add(running[i]);
          }
          double deviation = deviation(sums);
          for (int i = 0; i < 3; i++) {
            Step step = steps.get(3 * t + i);
            scaled[3 * t + i] = Math.max(-10, Math.min(10, step.reward() / deviation));
            if (step.terminated() || step.truncated()) {
              running[i] = 0;
            }
          }
        }
        assertThat(Numbers.of(rollout.experience().advantages()))
            .containsExactly(advantages(worlds, steps, scaled), within(2e-3));
      }
    }
  }

  /** Before anything was seen: mean 0 and variance 1, which weigh as a ten-thousandth sample. */
  private static double deviation(List<Double> sums) {
    double prior = 1e-4;
    double n = sums.size() + prior;
    double mean = sums.stream().mapToDouble(s -> s).sum() / n;
    double squares =
        prior * (1 + mean * mean) + sums.stream().mapToDouble(s -> (s - mean) * (s - mean)).sum();
    return Math.sqrt(squares / n + 1e-8);
  }

  @Test
  void eachEnvironmentHasItsOwnStreamOfSeeds() {
    List<CountingWorld> three = CountingWorld.several(3, THREE);
    List<CountingWorld> two = CountingWorld.several(2, THREE);
    try (Rollout first = rollout(three, CHOICES, config(false));
        Rollout second = rollout(two, CHOICES, config(false))) {
      first.collect();
      second.collect();
      List<Long> all = new ArrayList<>();
      three.forEach(world -> all.addAll(world.seeds()));
      assertThat(all).doesNotHaveDuplicates();
      for (int i = 0; i < 2; i++) {
        assertThat(two.get(i).seeds()).isEqualTo(three.get(i).seeds());
        var stream = new Streams(5).named("environment." + i).generator();
        for (long seed : two.get(i).seeds()) {
          assertThat(seed).isEqualTo(stream.nextLong());
        }
      }
    }
  }
}
