package lot4j.atari;

import java.util.Arrays;

/**
 * Makes grey pictures smaller: each new pixel is the mean of the area that it covers, pixels at the
 * edge by their covered part. Computed in floats and rounded half to even, rows last, as OpenCV's
 * {@code INTER_AREA} does, so that the bytes are those that published agents saw.
 */
final class Area {
  /** Parts thinner than this are left out, as OpenCV does. */
  private static final double THINNEST = 1e-3;

  private final int width;
  private final int size;
  private final Parts columns;
  private final Parts rows;
  private final float[] line;
  private final float[] sum;

  /**
   * From [height, width] to [size, size].
   *
   * @param size not larger than either
   */
  Area(int height, int width, int size) {
    this.width = width;
    this.size = size;
    this.columns = Parts.of(width, size);
    this.rows = Parts.of(height, size);
    this.line = new float[size];
    this.sum = new float[size];
  }

  /**
   * What old rows or columns are to new ones, in the order of both.
   *
   * @param from the old ones
   * @param to the new ones
   * @param weight the old one's share of the new
   */
  private record Parts(int[] from, int[] to, float[] weight) {
    static Parts of(int from, int to) {
      // A new one touches its own width of old ones, and one more at each side.
      int most = from + 2 * to;
      Parts parts = new Parts(new int[most], new int[most], new float[most]);
      int count = 0;
      double scale = (double) from / to;
      for (int i = 0; i < to; i++) {
        double begin = i * scale;
        double end = begin + scale;
        double covered = Math.min(scale, from - begin);
        int last = Math.min((int) Math.floor(end), from - 1);
        int first = Math.min((int) Math.ceil(begin), last);
        if (first - begin > THINNEST) {
          parts.set(count++, first - 1, i, (first - begin) / covered);
        }
        for (int whole = first; whole < last; whole++) {
          parts.set(count++, whole, i, 1 / covered);
        }
        if (end - last > THINNEST) {
          parts.set(count++, last, i, Math.min(Math.min(end - last, 1), covered) / covered);
        }
      }
      return new Parts(
          Arrays.copyOf(parts.from, count),
          Arrays.copyOf(parts.to, count),
          Arrays.copyOf(parts.weight, count));
    }

    private void set(int at, int old, int fresh, double share) {
      from[at] = old;
      to[at] = fresh;
      weight[at] = (float) share;
    }
  }

  /** Writes the smaller picture, row by row. */
  void shrink(byte[] picture, byte[] small) {
    Arrays.fill(sum, 0);
    int row = 0;
    int gathered = -1;
    for (int part = 0; part < rows.from.length; part++) {
      int from = rows.from[part];
      if (from != gathered) {
        gather(picture, from * width);
        gathered = from;
      }
      if (rows.to[part] != row) {
        store(small, row);
        row = rows.to[part];
      }
      float weight = rows.weight[part];
      for (int x = 0; x < size; x++) {
        sum[x] += weight * line[x];
      }
    }
    store(small, row);
  }

  private void gather(byte[] picture, int begin) {
    Arrays.fill(line, 0);
    for (int part = 0; part < columns.from.length; part++) {
      line[columns.to[part]] += columns.weight[part] * (picture[begin + columns.from[part]] & 255);
    }
  }

  private void store(byte[] small, int row) {
    for (int x = 0; x < size; x++) {
      small[row * size + x] = (byte) Math.max(0, Math.min(255, (int) Math.rint(sum[x])));
      sum[x] = 0;
    }
  }
}
