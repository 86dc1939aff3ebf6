package lot4j.data;

/**
 * Brings planes of bytes from one size to another: bilinear with antialiasing, first along the
 * rows, then along the columns.
 *
 * <p>Along an axis that shrinks by the factor s a pixel of the result is the mean of the source
 * under a triangle of half width s around its centre, along one that grows (s = 1) the linear
 * interpolation of its two neighbours; weights beyond the border are left out and the others sum to
 * one. This is what Pillow does, and torchvision with {@code antialias=True}, down to the fixed
 * point of 22 bits and the rounding to bytes between both passes, so the result is the same on
 * every machine.
 */
final class Resampler {
  private static final int BITS = 22;

  private final int width;
  private final ImageSize.Fixed size;
  private final Axis across;
  private final Axis down;

  /** From {@code height} × {@code width} to {@code size}. */
  Resampler(int height, int width, ImageSize.Fixed size, Fit fit) {
    this.width = width;
    this.size = size;
    long scaledHeight = size.height();
    long scaledWidth = size.width();
    if (fit == Fit.CROP) {
      // The shorter side, measured by the size asked for, fits; the longer one stands over.
      if ((long) height * size.width() <= (long) width * size.height()) {
        scaledWidth = Math.max(size.width(), (long) width * size.height() / height);
      } else {
        scaledHeight = Math.max(size.height(), (long) height * size.width() / width);
      }
    }
    this.across = Axis.centre(width, scaledWidth, size.width());
    this.down = Axis.centre(height, scaledHeight, size.height());
  }

  /**
   * One plane.
   *
   * @param from [height, width] from {@code offset} on
   * @param into [size] from {@code at} on
   */
  void plane(byte[] from, int offset, byte[] into, int at) {
    int top = down.first[0];
    int rows = down.end() - top;
    byte[] narrow = new byte[rows * size.width()];
    for (int y = 0; y < rows; y++) {
      int line = offset + (top + y) * width;
      for (int x = 0; x < size.width(); x++) {
        narrow[y * size.width() + x] = across.sum(x, from, line, 1);
      }
    }
    for (int y = 0; y < size.height(); y++) {
      for (int x = 0; x < size.width(); x++) {
        into[at + y * size.width() + x] = down.sum(y, narrow, x - top * size.width(), size.width());
      }
    }
  }

  /**
   * The weights of an axis.
   *
   * @param first the first source pixel of each pixel of the result
   * @param weights of it and of those that follow, in units of 2⁻²²
   */
  private record Axis(int[] first, int[][] weights) {
    /** The middle {@code count} pixels of {@code scaled}. */
    static Axis centre(int source, long scaled, int count) {
      long from = (long) Math.rint((scaled - count) / 2.0); // halves to even, as torchvision rounds
      double scale = (double) source / scaled;
      double support = Math.max(scale, 1);
      int[] first = new int[count];
      int[][] weights = new int[count][];
      for (int i = 0; i < count; i++) {
        double centre = (from + i + 0.5) * scale;
        int low = Math.max(0, (int) (centre - support + 0.5));
        int high = Math.min(source, (int) (centre + support + 0.5));
        double[] shares = new double[high - low];
        double sum = 0;
        for (int j = 0; j < shares.length; j++) {
          shares[j] = Math.max(0, 1 - Math.abs((low + j - centre + 0.5) / support));
          sum += shares[j];
        }
        first[i] = low;
        weights[i] = new int[shares.length];
        for (int j = 0; j < shares.length; j++) {
          weights[i][j] = (int) (shares[j] / sum * (1 << BITS) + 0.5);
        }
      }
      return new Axis(first, weights);
    }

    int end() {
      int last = first.length - 1;
      return first[last] + weights[last].length;
    }

    byte sum(int index, byte[] pixels, int offset, int stride) {
      int[] own = weights[index];
      int at = offset + first[index] * stride;
      long sum = 1L << (BITS - 1);
      for (int weight : own) {
        sum += (long) weight * (pixels[at] & 0xff);
        at += stride;
      }
      return (byte) Math.min(255, sum >> BITS);
    }
  }
}
