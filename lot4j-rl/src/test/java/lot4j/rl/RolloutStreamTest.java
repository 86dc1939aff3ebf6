package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import lot4j.Descent;
import lot4j.Learner;
import lot4j.random.Streams;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passes over rollouts, of 2 environments and 7 steps. */
class RolloutStreamTest {
  private static final ActionSpace THREE = new ActionSpace.Discrete(3);
  private static final int SIZE = 14;

  private PointerScope scope;
  private List<CountingWorld> worlds;

  @BeforeEach
  void open() {
    scope = new PointerScope();
    worlds = CountingWorld.several(2, THREE);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static RolloutStream stream(
      List<CountingWorld> worlds, int epochs, int batch, int accumulate, Optional<Double> kl) {
    PpoConfig config =
        new PpoConfig(0.9, 0.8, epochs, 0.2, Optional.empty(), 0.5, 0, false, false, kl);
    Streams streams = new Streams(5);
    Rollout rollout =
        new Rollout(
            Learner.of(RolloutTest.CHOICES, Descent.none()),
            new Copies(worlds, 1),
            "counting",
            SIZE / worlds.size(),
            config,
            streams,
            Players.alone());
    return new RolloutStream(
        rollout, config, batch, accumulate, streams.named("order.task"), Players.alone());
  }

  /** What belongs together of every sample of a minibatch, in words. */
  private static List<String> samples(Minibatch batch) {
    Experience then = batch.experience().orElseThrow();
    double[] seen = Numbers.of(batch.observations());
    double[] actions = Numbers.of(then.actions());
    double[] logs = Numbers.of(then.logProbabilities());
    double[] advantages = Numbers.of(then.advantages());
    double[] returns = Numbers.of(then.returns());
    double[] values = Numbers.of(then.values());
    List<String> samples = new ArrayList<>();
    for (int i = 0; i < actions.length; i++) {
      assertThat(returns[i]).isEqualTo(advantages[i] + values[i], within(1e-3));
      samples.add(
          seen[3 * i]
              + " "
              + seen[3 * i + 1]
              + " "
              + seen[3 * i + 2]
              + ": "
              + (int) actions[i]
              + " "
              + logs[i]
              + " "
              + (float)
                  RolloutTest.value(
                      new float[] {
                        (float) seen[3 * i], (float) seen[3 * i + 1], (float) seen[3 * i + 2]
                      })
              + " "
              + advantages[i]);
      assertThat(values[i])
          .isEqualTo(
              RolloutTest.value(
                  new float[] {
                    (float) seen[3 * i], (float) seen[3 * i + 1], (float) seen[3 * i + 2]
                  }),
              within(1e-5));
    }
    return samples;
  }

  /** What happened in one rollout: observation and action of every step. */
  private Set<String> happened(int rollout) {
    Set<String> steps = new TreeSet<>();
    for (CountingWorld world : worlds) {
      int time = SIZE / worlds.size();
      for (CountingWorld.Step step :
          world.journal().subList(rollout * time, (rollout + 1) * time)) {
        steps.add(
            (double) step.before()[0]
                + " "
                + (double) step.before()[1]
                + " "
                + (double) step.before()[2]
                + ": "
                + (int) step.action()[0]);
      }
    }
    return steps;
  }

  @ParameterizedTest
  @CsvSource({"14, 1", "7, 1", "4, 1", "1, 1", "5, 2", "3, 2", "2, 7"})
  void everyPassTakesEverySampleOnce(int batch, int accumulate) {
    try (RolloutStream stream = stream(worlds, 3, batch, accumulate, Optional.empty())) {
      int perPass = (SIZE + batch * accumulate - 1) / (batch * accumulate);
      for (int rollout = 0; rollout < 3; rollout++) {
        List<List<String>> passes = new ArrayList<>();
        long taken = 0;
        for (int pass = 0; pass < 3; pass++) {
          List<String> samples = new ArrayList<>();
          for (int step = 0; step < perPass; step++) {
            List<Minibatch> batches = stream.next();
            assertThat(batches).hasSizeLessThanOrEqualTo(accumulate).isNotEmpty();
            for (Minibatch each : batches) {
              assertThat(each.observations().size(0)).isLessThanOrEqualTo(batch);
              samples.addAll(samples(each));
              boolean first = pass == 0 && step == 0 && each == batches.get(0);
              assertThat(each.taken()).isEqualTo(first ? SIZE : 0);
              taken += each.taken();
            }
          }
          Set<String> seen = new TreeSet<>();
          samples.forEach(s -> seen.add(s.replaceFirst("(: \\d+) .*", "$1")));
          assertThat(samples).hasSize(SIZE);
          assertThat(seen).isEqualTo(happened(rollout));
          passes.add(samples);
        }
        assertThat(taken).isEqualTo(SIZE);
        assertThat(passes.get(1)).isNotEqualTo(passes.get(0)); // each pass in its own order
        assertThat(passes.get(2)).isNotEqualTo(passes.get(1));
        assertThat(new TreeSet<>(passes.get(1))).isEqualTo(new TreeSet<>(passes.get(0)));
      }
      assertThat(worlds.get(0).journal()).hasSize(3 * SIZE / 2);
    }
  }

  @Test
  void minibatchesStayWhatTheyAreWhenTheNextRolloutIsMade() {
    try (RolloutStream stream = stream(worlds, 1, 4, 1, Optional.empty())) {
      List<Minibatch> kept = new ArrayList<>();
      List<List<String>> before = new ArrayList<>();
      for (int step = 0; step < 4; step++) {
        Minibatch each = stream.next().get(0);
        kept.add(each);
        before.add(samples(each));
      }
      List<String> after = samples(stream.next().get(0));
      assertThat(kept.stream().map(RolloutStreamTest::samples).toList()).isEqualTo(before);
      assertThat(after).isNotEqualTo(before.get(0));
    }
  }

  @Test
  void onceThePolicyMovedTooFarTheRestOfTheRolloutIsPassedOver() {
    try (RolloutStream stream = stream(worlds, 2, 7, 1, Optional.of(0.1))) {
      for (int rollout = 0; rollout < 2; rollout++) {
        stream.next().get(0).drift(0.05);
        List<Minibatch> second = stream.next();
        assertThat(second).hasSize(1);
        second.get(0).drift(0.11);
        assertThat(stream.next()).isEmpty();
        assertThat(stream.next()).isEmpty();
        assertThat(worlds.get(0).journal()).hasSize((rollout + 1) * 7);
      }
      assertThat(stream.next()).hasSize(1); // the next rollout
      assertThat(worlds.get(0).journal()).hasSize(21);
    }
  }

  @Test
  void theLastStepsDriftDoesNotReachTheNextRollout() {
    try (RolloutStream stream = stream(worlds, 1, 7, 1, Optional.of(0.1))) {
      stream.next();
      stream.next().get(0).drift(5);
      assertThat(stream.next()).hasSize(1);
    }
  }

  @Test
  void anyOfTheMinibatchesOfAStepCanHaveMovedTooFar() {
    try (RolloutStream stream = stream(worlds, 2, 3, 2, Optional.of(0.1))) {
      List<Minibatch> both = stream.next();
      assertThat(both).hasSize(2);
      both.get(1).drift(0.2);
      assertThat(stream.next()).isEmpty();
    }
  }

  /** Saved after any step, restored into another stream, it goes on as it would have. */
  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3", "4", "5", "6", "7", "11"})
  void goesOnWhereItWasSaved(int steps) {
    try (RolloutStream stream = stream(worlds, 2, 5, 1, Optional.of(0.1));
        RolloutStream other = stream(CountingWorld.several(2, THREE), 2, 5, 1, Optional.of(0.1))) {
      for (int step = 0; step < steps; step++) {
        List<Minibatch> batches = stream.next();
        if (step == 3) {
          batches.get(0).drift(1); // passes over the rest of the first rollout
        }
      }
      Snapshot state = new Snapshot(scope);
      stream.save(state);
      other.next();
      other.restore(state);
      for (int step = 0; step < 20; step++) {
        List<Minibatch> expected = stream.next();
        List<Minibatch> actual = other.next();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
          assertThat(samples(actual.get(i))).isEqualTo(samples(expected.get(i)));
          assertThat(actual.get(i).taken()).isEqualTo(expected.get(i).taken());
        }
      }
      assertThat(other.report()).isEqualTo(stream.report());
    }
  }
}
