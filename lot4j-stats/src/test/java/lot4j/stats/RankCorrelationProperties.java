package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RankCorrelationProperties {
  private static final List<BiFunction<double[], double[], OptionalDouble>> MEASURES =
      List.of(Spearman::of, Kendall::of);

  @Property
  void liesBetweenMinusOneAndOneAndIsSymmetric(@ForAll("cases") double[][] cases) {
    for (var measure : MEASURES) {
      var value = measure.apply(cases[0], cases[1]);
      value.ifPresent(v -> assertThat(v).isBetween(-1.0, 1.0));
      assertThat(measure.apply(cases[1], cases[0])).isEqualTo(value);
    }
  }

  @Property
  void onlyTheOrderCounts(@ForAll("cases") double[][] cases) {
    double[] grown = Arrays.stream(cases[0]).map(v -> Math.exp(v / 10)).toArray();
    double[] turned = Arrays.stream(cases[0]).map(v -> -v).toArray();
    for (var measure : MEASURES) {
      var value = measure.apply(cases[0], cases[1]);
      assertThat(measure.apply(grown, cases[1])).isEqualTo(value);
      value.ifPresent(
          v ->
              assertThat(measure.apply(turned, cases[1]).orElseThrow())
                  .isCloseTo(-v, within(1e-12)));
    }
  }

  @Property
  void controlsInAnyOrderGiveTheSame(@ForAll("cases") double[][] cases) {
    var one = Spearman.partial(cases[0], cases[1], List.of(cases[2], cases[3]));
    var other = Spearman.partial(cases[0], cases[1], List.of(cases[3], cases[2]));
    assertThat(one.isPresent()).isEqualTo(other.isPresent());
    one.ifPresent(v -> assertThat(other.orElseThrow()).isCloseTo(v, within(1e-6)));
  }

  @Property(tries = 10)
  void orderOfTheCasesDoesNotMatter(@ForAll("cases") double[][] cases, @ForAll long shuffle) {
    int[] places = IntStream.range(0, cases[0].length).toArray();
    Random random = new Random(shuffle);
    for (int i = places.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = places[i];
      places[i] = places[j];
      places[j] = kept;
    }
    RankCorrelation one = RankCorrelation.kendall(cases[0], cases[1], Bootstrap.standard());
    RankCorrelation other =
        RankCorrelation.kendall(
            Cases.at(cases[0], places), Cases.at(cases[1], places), Bootstrap.standard());
    assertThat(other).isEqualTo(one);
  }

  @Provide
  Arbitrary<double[][]> cases() {
    return Arbitraries.integers()
        .between(2, 12)
        .flatMap(
            n ->
                Arbitraries.integers()
                    .between(-9, 9) // few values: ties are the hard part
                    .map(Integer::doubleValue)
                    .list()
                    .ofSize(n)
                    .map(list -> list.stream().mapToDouble(v -> v).toArray())
                    .array(double[][].class)
                    .ofSize(4));
  }
}
