package lot4j.rl;

import static org.bytedeco.pytorch.global.torch.tensor;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors to and from numbers, for tests. */
final class Numbers {
  private Numbers() {}

  /** All numbers of a tensor, last axis fastest. */
  static double[] of(Tensor tensor) {
    Tensor whole = tensor.detach().to(ScalarType.Double).contiguous();
    double[] numbers = new double[Math.toIntExact(whole.numel())];
    new DoublePointer(whole.data_ptr()).get(numbers);
    return numbers;
  }

  /** A float64 matrix. */
  static Tensor matrix(double[][] rows) {
    int width = rows[0].length;
    double[] flat = new double[rows.length * width];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * width, width);
    }
    return tensor(flat).view(rows.length, width);
  }
}
