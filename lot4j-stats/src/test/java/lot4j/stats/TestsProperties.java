package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TestsProperties {
  @Property(tries = 200)
  void signFlipsAreThoseOfPlainEnumeration(@ForAll("differences") List<Double> differences) {
    Sample sample = Sample.of(differences);
    int n = sample.size();
    double[] values = sample.values();
    double observed = Math.abs(Arrays.stream(values).sum());
    int count = 0;
    for (int signs = 0; signs < 1 << n; signs++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += (signs >> i & 1) == 0 ? values[i] : -values[i];
      }
      count += Math.abs(sum) >= observed - 1e-9 ? 1 : 0;
    }
    SignFlipTest test = SignFlipTest.of(sample).orElseThrow();
    assertThat(test.p()).isEqualTo((double) count / (1 << n));
    assertThat(test.p()).isBetween(test.smallestP(), 1.0);
  }

  @Property(tries = 200)
  void signFlipsKnowNoSideAndNoScale(@ForAll("differences") List<Double> differences) {
    double p = SignFlipTest.of(Sample.of(differences)).orElseThrow().p();
    List<Double> turned = differences.stream().map(d -> -3 * d).toList();
    assertThat(SignFlipTest.of(Sample.of(turned)).orElseThrow().p()).isEqualTo(p);
  }

  @Property
  void holmRaisesEveryPAndKeepsTheirOrder(
      @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0, max = 1) Double> p) {
    double[] raw = p.stream().mapToDouble(Double::doubleValue).toArray();
    double[] adjusted = Holm.adjusted(raw);
    double smallest = Arrays.stream(raw).min().orElseThrow();
    assertThat(Arrays.stream(adjusted).min().orElseThrow())
        .isEqualTo(Math.min(1, raw.length * smallest));
    for (int i = 0; i < raw.length; i++) {
      assertThat(adjusted[i]).isBetween(raw[i], 1.0);
      for (int j = 0; j < raw.length; j++) {
        assertThat(raw[i] > raw[j] && adjusted[i] < adjusted[j]).isFalse();
      }
    }
  }

  @Property(tries = 100)
  void theFewestSeedsAreEnoughAndOneLessIsNot(
      @ForAll @DoubleRange(min = 0.05, max = 4) double effect,
      @ForAll @DoubleRange(min = 0.3, max = 0.95) double power) {
    int n = new PairedPower(power).seeds(effect, 1).orElseThrow();
    assertThat(PairedPower.of(n, effect)).isGreaterThanOrEqualTo(power);
    if (n > 2) {
      assertThat(PairedPower.of(n - 1, effect)).isLessThan(power);
    }
  }

  @Property(tries = 100)
  void whatSeedsCanJustSeeNeedsThatManySeeds(
      @ForAll @IntRange(min = 2, max = 60) int n,
      @ForAll @DoubleRange(min = 0.01, max = 50) double scatter) {
    PairedPower power = new PairedPower(0.8);
    double seen = power.smallestDifference(n, scatter);
    assertThat(PairedPower.of(n, seen / scatter)).isCloseTo(0.8, within(1e-7));
    assertThat(power.seeds(seen * (1 + 1e-6), scatter)).hasValue(n);
  }

  @Property(tries = 60)
  void effectLiesInItsInterval(@ForAll("differences") List<Double> differences) {
    EffectSize.paired(Sample.of(differences))
        .ifPresent(
            effect -> {
              assertThat(effect.interval().contains(effect.d())).isTrue();
              List<Double> turned = differences.stream().map(d -> -d).toList();
              EffectSize other = EffectSize.paired(Sample.of(turned)).orElseThrow();
              assertThat(other.interval().low())
                  .isCloseTo(-effect.interval().high(), within(1e-5 * (1 + Math.abs(effect.d()))));
            });
  }

  @Property(tries = 40)
  void bcaOfTheMirrorImageIsTheMirrorImage(@ForAll("differences") List<Double> differences) {
    List<Double> turned = differences.stream().map(d -> -d).toList();
    assertThat(Bootstrap.standard().bcaMean(Sample.of(turned)))
        .isEqualTo(Bootstrap.standard().bcaMean(Sample.of(differences)).map(Interval::negated));
  }

  @Property(tries = 40)
  void profilesFallAndStayBetweenTheirBands(@ForAll("differences") List<Double> scores) {
    Scores task = Scores.of(Sample.of(scores));
    double[] thresholds = {-60, -20, 0, 1, 20, 60};
    double before = 1;
    for (PerformanceProfile.Point point :
        PerformanceProfile.ofRuns(task, thresholds, StratifiedBootstrap.standard()).points()) {
      assertThat(point.fraction()).isBetween(0.0, before);
      assertThat(point.interval().stream().allMatch(band -> band.contains(point.fraction())))
          .isTrue();
      before = point.fraction();
    }
  }

  /** Halves, so that sums are exact and ties happen. */
  @Provide
  Arbitrary<List<Double>> differences() {
    return Arbitraries.integers()
        .between(-100, 100)
        .map(v -> v / 2.0)
        .list()
        .ofMinSize(1)
        .ofMaxSize(11);
  }
}
