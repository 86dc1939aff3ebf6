package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Sign flips, Welch, Holm, effect sizes. Numbers from src/test/python/make_tests_golden.py. */
class TestsTest {
  private static final Sample D = Sample.of(0.01, 0.02, -0.01, 0.03, 0.02, 0.03);
  private static final Sample E = Sample.of(.4, -1.1, 2.3, .7, 0, 1.9, .7, -.2, 1.4, 3.1);
  private static final Sample FIVE = Sample.of(20.1, 19.4, 22.3, 21.7, 20.9);
  private static final Sample SEVEN = Sample.of(18.2, 20.0, 17.1, 19.9, 15.5, 18.8, 19.1);
  private static final Offset<Double> CLOSE = within(1e-9);

  @Test
  void signFlipsAreCountedWithTheirTies() {
    assertThat(SignFlipTest.of(D)).hasValue(new SignFlipTest(6, 0.09375, 0.03125, true));
    assertThat(SignFlipTest.of(E).orElseThrow().p()).isEqualTo(0.0546875);
  }

  @Test
  void fiveClearSeedsReachOneSixteenth() {
    assertThat(SignFlipTest.of(Sample.of(1, 2, 3, 4, 5)))
        .hasValue(new SignFlipTest(5, 0.0625, 0.0625, true));
    assertThat(SignFlipTest.smallestP(5)).isEqualTo(0.0625);
    assertThat(SignFlipTest.smallestP(20)).isEqualTo(2 / 1048576.0);
  }

  @Test
  void noDifferenceHasPOfOne() {
    assertThat(SignFlipTest.of(Sample.of(0, 0, 0)).orElseThrow().p()).isEqualTo(1);
    assertThat(SignFlipTest.of(Sample.of(1, -1)).orElseThrow().p()).isEqualTo(1);
    assertThat(SignFlipTest.of(Sample.of(0.3)).orElseThrow().p()).isEqualTo(1);
    assertThat(SignFlipTest.of(Sample.of())).isEmpty();
  }

  @Test
  void countsWithoutOverflowAtTheLastExactSize() {
    double[] ones = new double[SignFlipTest.MOST_EXACT];
    Arrays.fill(ones, 0.1);
    SignFlipTest test = SignFlipTest.of(Sample.of(ones)).orElseThrow();
    assertThat(test.p()).isEqualTo(test.smallestP()).isEqualTo(Math.scalb(2.0, -30));
    // 29 of one sign and one of the other, or clearer: 2 (1 + 30) of 2^30.
    ones[0] = -0.1;
    assertThat(SignFlipTest.of(Sample.of(ones)).orElseThrow().p()).isEqualTo(Math.scalb(62.0, -30));
  }

  @Test
  void beyondThatItDrawsAndSaysSo() {
    double[] values = new double[40];
    Arrays.setAll(values, i -> i % 4 == 0 ? -1 : 1);
    SignFlipTest test = SignFlipTest.of(Sample.of(values)).orElseThrow();
    assertThat(test.exact()).isFalse();
    // 30 or more heads, or 10 or fewer, of 40: scipy.stats.binomtest(30, 40).pvalue
    assertThat(test.p()).isCloseTo(0.0022214, within(0.0006));
    assertThat(test.smallestP()).isEqualTo(1 / 100_001.0);
    assertThat(SignFlipTest.of(Sample.of(values))).hasValue(test);
  }

  @Test
  void welchOfUnequalSides() {
    WelchTest test = WelchTest.of(FIVE, SEVEN).orElseThrow();
    assertThat(test.difference()).isCloseTo(2.5085714285714324, CLOSE);
    assertThat(test.t()).isCloseTo(3.121861234080854, CLOSE);
    assertThat(test.degreesOfFreedom()).isCloseTo(9.974087949197159, CLOSE);
    assertThat(test.p()).isCloseTo(0.010872424333553734, CLOSE);
    assertThat(test.interval().low()).isCloseTo(0.7175198819874964, within(1e-8));
    assertThat(test.interval().high()).isCloseTo(4.299622975155368, within(1e-8));
  }

  @Test
  void welchNeedsScatter() {
    assertThat(WelchTest.of(Sample.of(1, 1), Sample.of(2, 2))).isEmpty();
    assertThat(WelchTest.of(Sample.of(1), Sample.of(2, 3))).isEmpty();
  }

  @Test
  void holmMultipliesAndNeverTurnsTheOrderRound() {
    // By hand: .01·4 = .04; .011·3 = .033, raised to .04; .02·2 = .04; .9·1.
    assertThat(Holm.adjusted(0.9, 0.01, 0.02, 0.011))
        .containsExactly(new double[] {0.9, 0.04, 0.04, 0.04}, within(1e-15));
    assertThat(Holm.adjusted(0.6, 0.7)).containsExactly(1, 1);
    assertThat(Holm.adjusted(0.03)).containsExactly(0.03);
    assertThat(Holm.adjusted()).isEmpty();
    assertThatThrownBy(() -> Holm.adjusted(1.5)).hasMessage("p = 1.5 is not allowed; from 0 to 1");
  }

  @Test
  void pairedEffectWithItsInterval() {
    EffectSize effect = EffectSize.paired(D).orElseThrow();
    assertThat(effect.d()).isCloseTo(1.107018606925119, CLOSE);
    assertThat(effect.interval().low()).isCloseTo(0.03567032622547413, within(1e-7));
    assertThat(effect.interval().high()).isCloseTo(2.118488815243422, within(1e-7));
  }

  @Test
  void pooledEffectWithItsInterval() {
    EffectSize effect = EffectSize.pooled(FIVE, SEVEN).orElseThrow();
    assertThat(effect.d()).isCloseTo(1.727697179217784, CLOSE);
    assertThat(effect.interval().low()).isCloseTo(0.32859383991914054, within(1e-7));
    assertThat(effect.interval().high()).isCloseTo(3.0672611194334287, within(1e-7));
  }

  @Test
  void hugeEffectsHaveAnIntervalThatGoesOnFromTheSmallerOnes() {
    EffectSize below = EffectSize.paired(Sample.of(198, 199, 200)).orElseThrow(); // t = 344
    EffectSize above = EffectSize.paired(Sample.of(98, 99, 100)).orElseThrow(); // t = 171
    assertThat(below.interval().low() / below.d())
        .isCloseTo(above.interval().low() / above.d(), within(1e-3));
    assertThat(below.interval().high() / below.d())
        .isCloseTo(above.interval().high() / above.d(), within(1e-3));
    EffectSize rounding = EffectSize.paired(Sample.of(-1, -1 - 1e-15, -1)).orElseThrow();
    assertThat(rounding.interval().contains(rounding.d())).isTrue();
  }

  @Test
  void withoutScatterThereIsNoEffectSize() {
    assertThat(EffectSize.paired(Sample.of(2, 2, 2))).isEmpty();
    assertThat(EffectSize.paired(Sample.of(2))).isEmpty();
    assertThat(EffectSize.pooled(Sample.of(1, 1), Sample.of(2, 2))).isEmpty();
  }
}
