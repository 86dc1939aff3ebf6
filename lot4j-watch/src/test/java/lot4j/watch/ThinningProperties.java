package lot4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ThinningProperties {
  @Property(tries = 200)
  void keepsEveryColumnsExtremesInOrder(
      @ForAll @IntRange(min = 1, max = 5_000) int n,
      @ForAll @IntRange(min = 1, max = 300) int columns,
      @ForAll int seed) {
    Random random = new Random(seed);
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = (i == 0 ? 0 : x[i - 1]) + random.nextInt(3);
      y[i] = random.nextGaussian();
    }
    int[] kept = Thinning.keep(x, y, columns);

    assertThat(kept).hasSizeLessThanOrEqualTo(Math.min(n, 4 * columns));
    assertThat(kept).isSorted().doesNotHaveDuplicates();
    assertThat(kept[0]).isZero();
    assertThat(kept[kept.length - 1]).isEqualTo(n - 1);
    double width = (x[n - 1] - x[0]) / columns;
    List<Integer> all = Arrays.stream(kept).boxed().toList();
    for (int column = 0; column < columns && width > 0; column++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      double keptLow = Double.POSITIVE_INFINITY;
      double keptHigh = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        if (Math.min(columns - 1, Math.floor((x[i] - x[0]) / width)) == column) {
          low = Math.min(low, y[i]);
          high = Math.max(high, y[i]);
          if (all.contains(i)) {
            keptLow = Math.min(keptLow, y[i]);
            keptHigh = Math.max(keptHigh, y[i]);
          }
        }
      }
      assertThat(keptLow).isEqualTo(low);
      assertThat(keptHigh).isEqualTo(high);
    }
  }

  @Example
  void oneSpikeInAMillionPointsStays() {
    double[] x = new double[1_000_000];
    double[] y = new double[1_000_000];
    Arrays.setAll(x, i -> i);
    y[654_321] = 1;

    int[] kept = Thinning.keep(x, y, 800);

    assertThat(kept).hasSizeLessThanOrEqualTo(3_200).contains(654_321);
  }

  @Example
  void positionsThatGoBackLoseNothing() {
    double[] x = new double[100];
    Arrays.setAll(x, i -> i % 2 * 50);
    assertThat(Thinning.keep(x, new double[100], 10)).hasSize(100);
  }

  @Example
  void nothingStaysNothing() {
    assertThat(Thinning.keep(new double[0], new double[0], 10)).isEmpty();
  }
}
