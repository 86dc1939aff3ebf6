package lot4j.model.language;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Sinusoids of distances and the causal mask, made once for the longest piece seen.
 *
 * <p>Distances fall from row to row, so that a shorter table is the end of a longer one. The
 * tensors are constants in the type and on the device of the network, neither parameters nor
 * buffers.
 */
final class RelativePositions {
  private static final double LONGEST_WAVE = 10_000;

  private final int width;
  private Tensor table = torch.empty(0, 0);
  private Tensor future = torch.empty(0, 0);

  /** For vectors of {@code width}, an even number. */
  RelativePositions(int width) {
    this.width = width;
  }

  /**
   * The vectors of the distances {@code count - 1} to 0, [count, width]: sines, then cosines.
   *
   * @param like a tensor of the type and on the device to compute in
   */
  Tensor down(long count, Tensor like) {
    if (table.size(0) < count || !alike(table, like)) {
      table.close();
      table = sinusoids(count).to(like).retainReference();
    }
    return table.narrow(0, table.size(0) - count, count);
  }

  /** True where a key, the second axis, comes after its query, the first; [time, time]. */
  Tensor future(long time, Tensor like) {
    if (future.size(0) < time || !future.device().equals(like.device())) {
      future.close();
      Tensor ones = torch.ones(new long[] {time, time}).to(like.device(), ScalarType.Bool);
      future = torch.triu(ones, 1).retainReference();
    }
    return future.narrow(0, 0, time).narrow(1, 0, time);
  }

  private Tensor sinusoids(long count) {
    double[] values = new double[Math.toIntExact(count * width)];
    int half = width / 2;
    for (int row = 0; row < count; row++) {
      for (int wave = 0; wave < half; wave++) {
        double angle = (count - 1 - row) / Math.pow(LONGEST_WAVE, 2.0 * wave / width);
        values[row * width + wave] = Math.sin(angle);
        values[row * width + half + wave] = Math.cos(angle);
      }
    }
    return torch.tensor(values).view(count, width);
  }

  private static boolean alike(Tensor one, Tensor other) {
    return one.scalar_type().intern() == other.scalar_type().intern()
        && one.device().equals(other.device());
  }
}
