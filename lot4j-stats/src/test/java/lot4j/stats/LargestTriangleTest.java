package lot4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LargestTriangleTest {
  @Test
  void keepsThePeakOfAFlatCurve() {
    double[] y = new double[100];
    y[37] = 1;
    assertThat(LargestTriangle.of(positions(100), y, 10)).hasSize(10).contains(0, 37, 99);
  }

  @Test
  void choosesTheLargestTriangles() {
    // Buckets {1, 2} and {3, 4}. First: from (0, 0) with the mean (3.5, 0) of the second bucket,
    // twice the areas are 3.5 |y|: 3.5 for point 1 and 7 for point 2. Second: from (2, 2) with
    // (5, 0): |−3 (y − 2) + 2 (2 − x)| is 4 for (3, 0) and 2 for (4, 0).
    double[] y = {0, 1, 2, 0, 0, 0};
    assertThat(LargestTriangle.of(positions(6), y, 4)).containsExactly(0, 2, 3, 5);
  }

  @Test
  void keepsAShortCurveWhole() {
    assertThat(LargestTriangle.of(positions(3), new double[3], 3)).containsExactly(0, 1, 2);
    assertThat(LargestTriangle.of(positions(9), new double[9], 2)).containsExactly(0, 8);
  }

  @Test
  void refusesWhatIsNoCurve() {
    assertThatThrownBy(() -> LargestTriangle.of(new double[2], new double[3], 5))
        .hasMessage("2 positions for 3 values");
    assertThatThrownBy(() -> LargestTriangle.of(new double[2], new double[2], 1))
        .hasMessageContaining("most = 1");
  }

  @Property(tries = 200)
  void keepsBothEndsAndTheOrder(
      @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = -9, max = 9) Double> curve,
      @ForAll @IntRange(min = 2, max = 20) int most) {
    double[] y = curve.stream().mapToDouble(Double::doubleValue).toArray();
    int[] kept = LargestTriangle.of(positions(y.length), y, most);
    assertThat(kept).hasSize(Math.min(y.length, most)).contains(0, y.length - 1);
    assertThat(Arrays.stream(kept).distinct().sorted().toArray()).isEqualTo(kept);
  }

  private static double[] positions(int count) {
    return IntStream.range(0, count).asDoubleStream().toArray();
  }
}
