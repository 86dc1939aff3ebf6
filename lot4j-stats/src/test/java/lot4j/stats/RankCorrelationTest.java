package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers come from src/test/python/make_rank_correlation_golden.py. */
class RankCorrelationTest {
  private static final double[] X = {.31, .12, .55, .90, .22, .47, .47, .68, .05, .81};
  private static final double[] Y = {.20, .15, .30, .61, .29, .18, .33, .33, .10, .58};
  private static final double[] A = {1.2, 0.7, 1.9, 2.2, 0.8, 2.0, 1.1, 1.6, 0.9, 1.4};
  private static final double[] B = {5.0, 4.0, 4.5, 1.0, 3.0, 3.5, 2.5, 2.0, 6.0, 0.5};

  @Test
  void tiesShareTheMeanOfTheirPlaces() {
    assertThat(Ranks.of(new double[] {5, 1, 5, 3, 5})).containsExactly(4, 1, 4, 2, 4);
  }

  @Test
  void rhoAndTauWithTies() {
    assertThat(Spearman.of(X, Y).orElseThrow()).isCloseTo(0.905487804878049, within(1e-14));
    assertThat(Kendall.of(X, Y).orElseThrow()).isCloseTo(0.7954545454545455, within(1e-14));
  }

  @Test
  void tauDividesByThePairsThatEachSideOrders() {
    // Of 10 pairs x orders 7 and y all, every one alike: 7 / √(7 · 10).
    assertThat(Kendall.of(few(1, 2, 2, 2, 3), few(1, 2, 3, 4, 5)).orElseThrow())
        .isCloseTo(Math.sqrt(0.7), within(1e-15));
  }

  @Test
  void partialRhoWithOneAndTwoControls() {
    assertThat(Spearman.partial(X, Y, List.of(A)).orElseThrow())
        .isCloseTo(0.9445565937011948, within(1e-13));
    assertThat(Spearman.partial(X, Y, List.of(A, B)).orElseThrow())
        .isCloseTo(0.8026334042685453, within(1e-13));
  }

  @Test
  void aRedundantControlChangesNothing() {
    double[] same = Arrays.stream(A).map(a -> 3 - 2 * a).toArray(); // the same order, backwards
    assertThat(Spearman.partial(X, Y, List.of(A, same)).orElseThrow())
        .isCloseTo(0.9445565937011948, within(1e-13));
    assertThat(Spearman.partial(X, Y, List.of(new double[10])).orElseThrow())
        .isCloseTo(0.905487804878049, within(1e-14));
  }

  @Test
  void nothingIsLeftOfASideThatIsItsOwnControl() {
    assertThat(Spearman.partial(X, Y, List.of(X))).isEmpty();
    assertThat(Spearman.partial(X, Y, List.of(A, Y))).isEmpty();
  }

  @Test
  void aConstantSideHasNoCorrelation() {
    double[] constant = new double[10];
    assertThat(Spearman.of(X, constant)).isEmpty();
    assertThat(Kendall.of(constant, Y)).isEmpty();
    assertThat(RankCorrelation.kendall(constant, Y, Bootstrap.standard()).interval()).isEmpty();
  }

  @Test
  void tooFewCasesForTheControlsGiveNothing() {
    double[] few = {1, 2, 4, 3};
    assertThat(Spearman.partial(few, few, List.of(new double[] {4, 1, 3, 2}))).isPresent();
    assertThat(Spearman.partial(Arrays.copyOf(few, 3), few(3, 1, 2), List.of(few(1, 2, 3))))
        .isEmpty();
  }

  @Test
  void intervalsAgreeWithAnIndependentBootstrap() {
    Interval rho = RankCorrelation.spearman(X, Y, Bootstrap.standard()).interval().orElseThrow();
    assertThat(rho.low()).isCloseTo(0.551, within(0.02));
    assertThat(rho.high()).isCloseTo(1, within(0.005));
    Interval partial =
        RankCorrelation.partial(X, Y, List.of(A), Bootstrap.standard()).interval().orElseThrow();
    assertThat(partial.low()).isCloseTo(0.700, within(0.015));
    assertThat(partial.high()).isCloseTo(1, within(0.005));
  }

  @Test
  void perfectOrderHasAnIntervalWithoutWidth() {
    RankCorrelation rho = RankCorrelation.spearman(few(1, 2, 3, 4, 5), few(1, 4, 9, 16, 25), ten());
    assertThat(rho.value()).hasValue(1);
    assertThat(rho.interval().orElseThrow().low()).isCloseTo(1, within(1e-12));
  }

  @Test
  void threeCasesHaveAValueButNoInterval() {
    RankCorrelation rho = RankCorrelation.spearman(few(1, 2, 3), few(1, 3, 2), ten());
    assertThat(rho.value().orElseThrow()).isCloseTo(0.5, within(1e-15));
    assertThat(rho.interval()).isEmpty();
  }

  @Test
  void refusesWhatIsNoTable() {
    assertThatThrownBy(() -> Spearman.of(X, few(1, 2)))
        .hasMessage("cases = 10 and 2 is not allowed; as many values in every variable");
    assertThatThrownBy(() -> Kendall.of(few(1, Double.NaN), few(1, 2)))
        .hasMessage("value of a case = NaN is not allowed; a finite number");
  }

  private static Bootstrap ten() {
    return new Bootstrap(10_000, 1, 0.95);
  }

  private static double[] few(double... values) {
    return values;
  }
}
