package lot4j.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Advantages where a formula says what they are. */
class GaeTest {
  private static final Offset<Double> EXACT = within(1e-12);

  private static double[] constant(int n, double value) {
    double[] numbers = new double[n];
    Arrays.fill(numbers, value);
    return numbers;
  }

  private static boolean[] never(int n) {
    return new boolean[n];
  }

  private static boolean[] only(int n, int... places) {
    boolean[] flags = new boolean[n];
    for (int place : places) {
      flags[place] = true;
    }
    return flags;
  }

  private static double[] unending(Gae gae, int envs, double[] rewards, double[] values) {
    int n = rewards.length;
    return gae.advantages(envs, rewards, values, never(n), never(n), constant(n, Double.NaN));
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.8", "0.99, 0.95", "1, 0.5", "0.5, 1", "0, 0.7"})
  void ofConstantsIsAGeometricSum(double gamma, double lambda) {
    double reward = 0.7;
    double value = 3;
    int time = 9;
    double[] advantages =
        unending(new Gae(gamma, lambda), 1, constant(time, reward), constant(time + 1, value));
    double delta = reward + gamma * value - value;
    double decay = gamma * lambda;
    for (int t = 0; t < time; t++) {
      double sum = delta * (1 - Math.pow(decay, time - t)) / (1 - decay);
      assertThat(advantages[t]).as("time %d", t).isEqualTo(sum, EXACT);
    }
  }

  @Test
  void isZeroWhereTheValuesAreTheTruth() {
    double gamma = 0.9;
    double value = 1 / (1 - gamma); // of a reward of 1 for ever
    double[] advantages = unending(new Gae(gamma, 0.95), 3, constant(30, 1), constant(33, value));
    assertThat(advantages).containsExactly(constant(30, 0), EXACT);
  }

  @Test
  void withoutDiscountsIsWhatCameInsteadOfWhatWasForeseen() {
    double[] rewards = {1, -2, 4, 0.5};
    double[] values = {0.3, 7, -1, 2, 11};
    assertThat(unending(new Gae(1, 1), 1, rewards, values))
        .containsExactly(
            new double[] {3.5 + 11 - 0.3, 2.5 + 11 - 7, 4.5 + 11 + 1, 0.5 + 11 - 2}, EXACT);
  }

  @Test
  void withoutLambdaIsTheErrorOfOneStep() {
    double[] rewards = {1, -2, 4, 0.5};
    double[] values = {0.3, 7, -1, 2, 11};
    assertThat(unending(new Gae(0.5, 0), 1, rewards, values))
        .containsExactly(
            new double[] {1 + 3.5 - 0.3, -2 - 0.5 - 7, 4 + 1 + 1, 0.5 + 5.5 - 2}, EXACT);
  }

  @Test
  void nothingComesAfterARealEnd() {
    double[] advantages =
        new Gae(0.5, 1)
            .advantages(
                1,
                new double[] {1, 1, 1},
                new double[] {0, 0, 100, 1000},
                only(3, 1),
                never(3),
                constant(3, Double.NaN));
    assertThat(advantages).containsExactly(new double[] {1.5, 1, 1 + 500 - 100}, EXACT);
  }

  @Test
  void theValueOfTheLastObservationComesAfterACut() {
    double[] advantages =
        new Gae(0.5, 1)
            .advantages(
                1,
                new double[] {1, 1, 1},
                new double[] {0, 0, 100, 1000},
                never(3),
                only(3, 1),
                new double[] {Double.NaN, 8, Double.NaN});
    assertThat(advantages).containsExactly(new double[] {1 + 0.5 * 5, 1 + 4, 401}, EXACT);
  }

  @Test
  void aRealEndCountsMoreThanACutAtTheSameStep() {
    double[] advantages =
        new Gae(0.9, 0.9)
            .advantages(
                1,
                new double[] {1},
                new double[] {0.25, 50},
                only(1, 0),
                only(1, 0),
                new double[] {70});
    assertThat(advantages).containsExactly(0.75);
  }

  @Test
  void theLastStepOfTheRolloutMayEndAnEpisodeOrBeCut() {
    double[] advantages =
        new Gae(0.5, 1)
            .advantages(
                2,
                new double[] {1, 1, 1, 1},
                new double[] {0, 0, 0, 0, 1000, 1000},
                only(4, 2),
                only(4, 3),
                new double[] {Double.NaN, Double.NaN, Double.NaN, 6});
    assertThat(advantages).containsExactly(new double[] {1.5, 1 + 0.5 * 4, 1, 4}, EXACT);
  }

  @Test
  void environmentsDoNotTouchEachOther() {
    double[] rewards = {1, 5, 2, 6, 3, 7};
    double[] values = {0.1, 10, 0.2, 20, 0.3, 30, 0.4, 40};
    boolean[] ends = only(6, 2);
    Gae gae = new Gae(0.9, 0.7);
    double[] both = gae.advantages(2, rewards, values, ends, never(6), constant(6, 0));
    double[] first =
        gae.advantages(
            1,
            new double[] {1, 2, 3},
            new double[] {0.1, 0.2, 0.3, 0.4},
            only(3, 1),
            never(3),
            constant(3, 0));
    double[] second = unending(gae, 1, new double[] {5, 6, 7}, new double[] {10, 20, 30, 40});
    assertThat(both).containsExactly(first[0], second[0], first[1], second[1], first[2], second[2]);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 6, 4, 4, 4, 3, rewards",
    "4, 6, 4, 4, 4, 0, envs",
    "5, 7, 5, 5, 5, 2, rewards",
    "4, 4, 4, 4, 4, 2, values",
    "4, 6, 3, 4, 4, 2, terminated",
    "4, 6, 4, 5, 4, 2, truncated",
    "4, 6, 4, 4, 2, 2, finalValues"
  })
  void aWrongLengthIsNamed(
      int rewards, int values, int ends, int cuts, int finals, int envs, String name) {
    assertThatThrownBy(
            () ->
                new Gae(0.9, 0.9)
                    .advantages(
                        envs,
                        new double[rewards],
                        new double[values],
                        new boolean[ends],
                        new boolean[cuts],
                        new double[finals]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name)
        .hasMessageContaining(" is not allowed; ");
  }

  @Test
  void theSizeOfARolloutThatIsNoWholeNumberOfTimesIsShown() {
    assertThatThrownBy(() -> unending(new Gae(0.9, 0.9), 3, new double[7], new double[10]))
        .hasMessageContaining("7");
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0.9, gamma", "1.1, 0.9, gamma", "NaN, 0.9, gamma", "0.9, 2, gae-lambda"})
  void discountsOutsideTheUnitIntervalAreRefused(double gamma, double lambda, String name) {
    assertThatThrownBy(() -> new Gae(gamma, lambda))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
