package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StatisticsProperties {
  @Property(tries = 60)
  void intervalOfSymmetricValuesContainsTheMean(@ForAll("samples") List<Double> half) {
    List<Double> values = new ArrayList<>(half);
    half.forEach(value -> values.add(2 - value));
    Sample sample = Sample.of(values);
    Interval interval = Bootstrap.standard().mean(sample).orElseThrow();
    assertThat(interval.low()).isLessThanOrEqualTo(1 + 1e-9);
    assertThat(interval.high()).isGreaterThanOrEqualTo(1 - 1e-9);
    assertThat(sample.mean().orElseThrow()).isCloseTo(1, within(1e-9));
  }

  @Property(tries = 60)
  void intervalLiesWithinTheValues(@ForAll("samples") List<Double> values) {
    Sample sample = Sample.of(values);
    Interval interval = Bootstrap.standard().mean(sample).orElseThrow();
    assertThat(interval.low()).isGreaterThanOrEqualTo(sample.minimum().orElseThrow() - 1e-9);
    assertThat(interval.high()).isLessThanOrEqualTo(sample.maximum().orElseThrow() + 1e-9);
  }

  @Property(tries = 60)
  void orderOfTheSeedsDoesNotMatter(@ForAll("samples") List<Double> values, @ForAll long shuffle) {
    List<Double> other = new ArrayList<>(values);
    Collections.shuffle(other, new Random(shuffle));
    assertThat(Bootstrap.standard().mean(Sample.of(other)))
        .isEqualTo(Bootstrap.standard().mean(Sample.of(values)));
    assertThat(Iqm.of(Sample.of(other))).isEqualTo(Iqm.of(Sample.of(values)));
    assertThat(Sample.of(other).mean()).isEqualTo(Sample.of(values).mean());
  }

  @Property(tries = 60)
  void swappingTheSidesNegatesDifferenceAndIntervals(
      @ForAll("samples") List<Double> first, @ForAll("samples") List<Double> second) {
    PairedTest ab = PairedTest.of(bySeed(first), bySeed(second));
    PairedTest ba = PairedTest.of(bySeed(second), bySeed(first));
    assertThat(ab.n()).isEqualTo(Math.min(first.size(), second.size())).isEqualTo(ba.n());
    assertThat(ab.bootstrap()).isEqualTo(ba.bootstrap().map(Interval::negated));
    assertThat(ab.difference().orElseThrow())
        .isCloseTo(-ba.difference().orElseThrow(), within(1e-9));
    assertThat(ab.studentT().orElseThrow().low())
        .isCloseTo(-ba.studentT().orElseThrow().high(), within(1e-9));
    assertThat(ab.resolved()).isEqualTo(ba.resolved());
  }

  @Property
  void probabilitiesOfBothSidesAddUpToOne(
      @ForAll("samples") List<Double> a,
      @ForAll("samples") List<Double> b,
      @ForAll boolean higher) {
    double ab = ProbabilityOfImprovement.of(Sample.of(a), Sample.of(b), higher).orElseThrow();
    double ba = ProbabilityOfImprovement.of(Sample.of(b), Sample.of(a), higher).orElseThrow();
    assertThat(ab + ba).isCloseTo(1, within(1e-12));
    assertThat(ab).isBetween(0.0, 1.0);
  }

  @Property
  void iqmLiesBetweenSmallestAndLargest(@ForAll("samples") List<Double> values) {
    Sample sample = Sample.of(values);
    assertThat(Iqm.of(sample).orElseThrow())
        .isBetween(sample.minimum().orElseThrow() - 1e-9, sample.maximum().orElseThrow() + 1e-9);
  }

  @Provide
  Arbitrary<List<Double>> samples() {
    return Arbitraries.doubles().between(-100, 100).list().ofMinSize(2).ofMaxSize(12);
  }

  private static Map<Long, Double> bySeed(List<Double> values) {
    Map<Long, Double> map = new HashMap<>();
    for (int seed = 0; seed < values.size(); seed++) {
      map.put((long) seed, values.get(seed));
    }
    return map;
  }
}
