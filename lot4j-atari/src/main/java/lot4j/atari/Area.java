package lot4j.atari;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
  private final Part[] columns;
  private final Part[] rows;
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
    this.columns = parts(width, size);
    this.rows = parts(height, size);
    this.line = new float[size];
    this.sum = new float[size];
  }

  /**
   * What an old row or column is to a new one.
   *
   * @param from the old
   * @param to the new
   * @param weight its share of the new
   */
  private record Part(int from, int to, float weight) {}

  private static Part[] parts(int from, int to) {
    double scale = (double) from / to;
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < to; i++) {
      double begin = i * scale;
      double end = begin + scale;
      double covered = Math.min(scale, from - begin);
      int last = Math.min((int) Math.floor(end), from - 1);
      int first = Math.min((int) Math.ceil(begin), last);
      if (first - begin > THINNEST) {
        parts.add(new Part(first - 1, i, (float) ((first - begin) / covered)));
      }
      for (int whole = first; whole < last; whole++) {
        parts.add(new Part(whole, i, (float) (1 / covered)));
      }
      if (end - last > THINNEST) {
        double part = Math.min(Math.min(end - last, 1), covered);
        parts.add(new Part(last, i, (float) (part / covered)));
      }
    }
    return parts.toArray(new Part[0]);
  }

  /** Writes the smaller picture, row by row. */
  void shrink(byte[] picture, byte[] small) {
    Arrays.fill(sum, 0);
    int row = 0;
    for (Part part : rows) {
      gather(picture, part.from() * width);
      if (part.to() != row) {
        store(small, row);
        row = part.to();
      }
      for (int x = 0; x < size; x++) {
        sum[x] += part.weight() * line[x];
      }
    }
    store(small, row);
  }

  private void gather(byte[] picture, int begin) {
    Arrays.fill(line, 0);
    for (Part part : columns) {
      line[part.to()] += part.weight() * (picture[begin + part.from()] & 255);
    }
  }

  private void store(byte[] small, int row) {
    for (int x = 0; x < size; x++) {
      small[row * size + x] = (byte) Math.max(0, Math.min(255, (int) Math.rint(sum[x])));
      sum[x] = 0;
    }
  }
}
