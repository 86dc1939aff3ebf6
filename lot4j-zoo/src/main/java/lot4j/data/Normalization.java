package lot4j.data;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import lot4j.Require;

/**
 * Per channel {@code (x − mean) / std} of pixels in 0 to 1.
 *
 * @param mean one number a channel
 * @param std one number a channel, above 0
 */
public record Normalization(List<Double> mean, List<Double> std) {
  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Require.that(
        mean.size() == std.size() && !mean.isEmpty(),
        "task.normalize",
        mean.size() + " means and " + std.size() + " deviations",
        "as many of each as the images have channels");
    mean.forEach(
        m -> Require.that(Double.isFinite(m), "task.normalize.mean", m, "a finite number"));
    std.forEach(s -> Require.positive("task.normalize.std", s));
  }

  /** Pixels in 0 to 1, unchanged. */
  public static Normalization none(int channels) {
    return new Normalization(
        Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
  }

  /** (x − 0.5) / 0.5, as the authors' released code has it. */
  public static Normalization half(int channels) {
    return new Normalization(
        Collections.nCopies(channels, 0.5), Collections.nCopies(channels, 0.5));
  }

  /**
   * Mean and standard deviation of every channel over the given images. A channel that is constant
   * has deviation 1.
   */
  public static Normalization of(LabelledImages images, List<Integer> rows) {
    int channels = (int) images.shape().size(0);
    int plane = (int) (images.shape().size(1) * images.shape().size(2));
    long[][] counts = new long[channels][256];
    Pixels pixels = images.pixels();
    byte[] scratch = new byte[channels * plane];
    for (int row : rows) {
      byte[] image = pixels.array(row, scratch);
      for (int c = 0; c < channels; c++) {
        int from = pixels.offset(row) + c * plane;
        for (int i = from; i < from + plane; i++) {
          counts[c][image[i] & 0xff]++;
        }
      }
    }
    double n = (double) rows.size() * plane;
    List<Double> mean =
        IntStream.range(0, channels)
            .mapToObj(c -> moment(counts[c], 0, 1, images.white()) / n)
            .toList();
    List<Double> std =
        IntStream.range(0, channels)
            .mapToObj(c -> Math.sqrt(moment(counts[c], mean.get(c), 2, images.white()) / n))
            .map(s -> s > 0 ? s : 1.0)
            .toList();
    return new Normalization(mean, std);
  }

  private static double moment(long[] counts, double centre, int power, int white) {
    double sum = 0;
    for (int value = 0; value < counts.length; value++) {
      sum += counts[value] * Math.pow((double) value / white - centre, power);
    }
    return sum;
  }
}
