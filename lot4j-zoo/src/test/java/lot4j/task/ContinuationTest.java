package lot4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lot4j.random.RandomStream;
import org.junit.jupiter.api.Test;

class ContinuationTest {
  /** Probabilities 0.1, 0.4, 0.2, 0.2, 0.1. */
  private static final double[] EXPECTED =
      Arrays.stream(new double[] {0.1, 0.4, 0.2, 0.2, 0.1}).map(Math::log).toArray();

  private static Continuation of(double temperature, int topK, double topP) {
    return new Continuation(1, temperature, topK, topP, 5);
  }

  /** Shares of 20,000 draws. */
  private static double[] shares(Continuation how) {
    double[] shares = new double[EXPECTED.length];
    RandomStream random = how.random();
    for (int i = 0; i < 20_000; i++) {
      shares[how.draw(EXPECTED, random)] += 1 / 20_000.0;
    }
    return shares;
  }

  private static void expect(Continuation how, double... expected) {
    assertThat(shares(how)).containsExactly(expected, within(0.015));
  }

  @Test
  void drawsAsTheNetworkExpects() {
    expect(of(1, 0, 1), 0.1, 0.4, 0.2, 0.2, 0.1);
  }

  @Test
  void temperatureDividesLogProbabilities() {
    // Squares over their sum, 0.01 + 0.16 + 0.04 + 0.04 + 0.01 = 0.26.
    expect(of(0.5, 0, 1), 0.01 / 0.26, 0.16 / 0.26, 0.04 / 0.26, 0.04 / 0.26, 0.01 / 0.26);
  }

  @Test
  void temperatureZeroTakesTheMostProbable() {
    expect(of(0, 0, 1), 0, 1, 0, 0, 0);
    assertThat(of(0, 0, 1).draw(new double[] {-3, -1, -1}, of(0, 0, 1).random())).isEqualTo(1);
  }

  @Test
  void topKKeepsTheMostProbableAndOfEqualOnesTheFirst() {
    expect(of(1, 2, 1), 0, 0.4 / 0.6, 0.2 / 0.6, 0, 0);
    expect(of(1, 3, 1), 0, 0.5, 0.25, 0.25, 0);
    expect(of(1, 9, 1), 0.1, 0.4, 0.2, 0.2, 0.1);
  }

  @Test
  void topPKeepsTheFewestThatReachIt() {
    expect(of(1, 0, 0.39), 0, 1, 0, 0, 0);
    expect(of(1, 0, 0.5), 0, 0.4 / 0.6, 0.2 / 0.6, 0, 0);
    expect(of(1, 0, 0.7), 0, 0.5, 0.25, 0.25, 0);
    expect(of(1, 0, 1e-9), 0, 1, 0, 0, 0);
  }

  @Test
  void topPIsAShareOfWhatTopKLeft() {
    // Of 0.4 and 0.2, 0.4 is two thirds.
    expect(of(1, 2, 0.66), 0, 1, 0, 0, 0);
    expect(of(1, 2, 0.68), 0, 0.4 / 0.6, 0.2 / 0.6, 0, 0);
  }

  @Test
  void tinyTemperaturesAndImpossibleTokensAreFine() {
    double[] some = {Double.NEGATIVE_INFINITY, -1e4, -2e4};
    assertThat(of(1e-12, 0, 1).draw(some, of(1, 0, 1).random())).isEqualTo(1);
    assertThat(of(1e12, 3, 1).draw(some, of(1, 0, 1).random())).isBetween(1, 2);
  }

  @Test
  void refusesWhatIsNotAllowed() {
    assertThatThrownBy(() -> of(-1, 0, 1)).hasMessage("temperature = -1 is not allowed; 0 or more");
    assertThatThrownBy(() -> of(Double.NaN, 0, 1)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> of(1, -1, 1)).hasMessage("top-k = -1 is not allowed; 0 or more");
    assertThatThrownBy(() -> of(1, 0, 0))
        .hasMessage("top-p = 0 is not allowed; above 0 and at most 1");
    assertThatThrownBy(() -> of(1, 0, 1.1)).hasMessageContaining("top-p");
  }
}
