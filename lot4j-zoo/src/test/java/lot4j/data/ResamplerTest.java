package lot4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Numbers worked out by hand from the triangle filter, and its formula in two dimensions. */
class ResamplerTest {
  private static int[] resized(int[][] rows, int height, int width, Fit fit) {
    int across = rows[0].length;
    byte[] from = new byte[rows.length * across];
    for (int i = 0; i < from.length; i++) {
      from[i] = (byte) rows[i / across][i % across];
    }
    byte[] into = new byte[height * width];
    new Resampler(rows.length, across, new ImageSize.Fixed(height, width), fit)
        .plane(from, 0, into, 0);
    int[] values = new int[into.length];
    for (int i = 0; i < into.length; i++) {
      values[i] = into[i] & 0xff;
    }
    return values;
  }

  @Test
  void halfTheWidthIsAMeanUnderATriangle() {
    // weights 3/4, 3/4, 1/4 of 10, 20, 30: 120/7 = 17.14; mirrored 20, 30, 40: 230/7 = 32.86
    assertThat(resized(new int[][] {{10, 20, 30, 40}}, 1, 2, Fit.SQUASH)).containsExactly(17, 33);
  }

  @Test
  void twiceTheWidthIsBetweenTheNeighbours() {
    assertThat(resized(new int[][] {{0, 100}}, 1, 4, Fit.SQUASH)).containsExactly(0, 25, 75, 100);
  }

  @Test
  void columnsGoTheSameWay() {
    assertThat(resized(new int[][] {{10}, {20}, {30}, {40}}, 2, 1, Fit.SQUASH))
        .containsExactly(17, 33);
    assertThat(resized(new int[][] {{0}, {100}}, 4, 1, Fit.SQUASH)).containsExactly(0, 25, 75, 100);
  }

  @Test
  void cropTakesTheCentreAndDistortsNothing() {
    int[][] wide = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    assertThat(resized(wide, 2, 2, Fit.CROP)).containsExactly(2, 3, 6, 7);
    int[][] high = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
    assertThat(resized(high, 2, 2, Fit.CROP)).containsExactly(3, 4, 5, 6);
  }

  @Test
  void halvesOfACropRoundToEven() {
    int[][] five = {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}}; // (5 - 2) / 2 = 1.5 becomes 2
    assertThat(resized(five, 2, 2, Fit.CROP)).containsExactly(3, 4, 3, 4);
    int[][] seven = {{1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 4, 5, 6, 7}}; // 2.5 becomes 2
    assertThat(resized(seven, 2, 2, Fit.CROP)).containsExactly(3, 4, 3, 4);
  }

  @Test
  void aCropToAnOblongCoversIt() {
    // 4 x 4 to 2 x 4: the width fits as it is, the two middle rows stay.
    int[][] square = {{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}, {4, 4, 4, 4}};
    assertThat(resized(square, 2, 4, Fit.CROP)).containsExactly(2, 2, 2, 2, 3, 3, 3, 3);
  }

  @Test
  void anExtremeShapeIsNoTrouble() {
    int[][] line = new int[1][100_000];
    Arrays.fill(line[0], 9);
    assertThat(resized(line, 3, 3, Fit.CROP)).containsOnly(9);
    assertThat(resized(line, 3, 3, Fit.SQUASH)).containsOnly(9);
  }

  @Property(tries = 200)
  void agreesWithTheFilterInTwoDimensions(
      @ForAll @IntRange(min = 1, max = 12) int height,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll @IntRange(min = 1, max = 12) int toHeight,
      @ForAll @IntRange(min = 1, max = 12) int toWidth,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[][] rows = new int[height][width];
    for (int[] row : rows) {
      for (int x = 0; x < width; x++) {
        row[x] = random.nextInt(256);
      }
    }
    int[] values = resized(rows, toHeight, toWidth, Fit.SQUASH);
    for (int y = 0; y < toHeight; y++) {
      for (int x = 0; x < toWidth; x++) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < height; i++) {
          for (int j = 0; j < width; j++) {
            double weight = triangle(y, i, height, toHeight) * triangle(x, j, width, toWidth);
            sum += weight * rows[i][j];
            weights += weight;
          }
        }
        // Two roundings to bytes, of half a step each.
        assertThat((double) values[y * toWidth + x]).isCloseTo(sum / weights, within(1.01));
      }
    }
  }

  private static double triangle(int to, int from, int source, int target) {
    double scale = (double) source / target;
    double distance = Math.abs(from + 0.5 - (to + 0.5) * scale) / Math.max(1, scale);
    return Math.max(0, 1 - distance);
  }
}
