package lot4j.testkit;

import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Autograd against central finite differences in float64, at the element where they disagree most.
 * Infinite elements are not moved.
 *
 * @param element index of the worst element in row-major order, -1 if there was none to check
 * @param analytic the gradient that autograd gives there
 * @param numeric the slope that differences give there
 * @param error their distance, divided by the larger one's size where that is above 1; NaN if one
 *     of them is
 */
public record GradientCheck(long element, double analytic, double numeric, double error) {
  private static final double STEP = 1e-5;

  /**
   * Checks one function at one point.
   *
   * @param function from a float64 tensor of {@code point}'s shape to a value of shape []
   * @param point where to check, converted to float64
   */
  public static GradientCheck of(UnaryOperator<Tensor> function, Tensor point) {
    try (PointerScope scope = new PointerScope()) {
      Tensor start = point.detach().to(ScalarType.Double).clone().contiguous();
      double[] values = numbers(start);
      start.set_requires_grad(true);
      function.apply(start).backward();
      double[] analytic =
          start.grad().defined() ? numbers(start.grad()) : new double[values.length];
      GradientCheck worst = new GradientCheck(-1, 0, 0, 0);
      for (int i = 0; i < values.length; i++) {
        if (Double.isFinite(values[i])) {
          worst = worst.orWorse(compare(i, analytic[i], slope(function, start, values, i)));
        }
      }
      return worst;
    }
  }

  /** Throws an {@link AssertionError} naming the worst element if its error is above the limit. */
  public void requireWithin(double limit) {
    if (!(error <= limit)) {
      throw new AssertionError(
          "gradient of element "
              + element
              + " is "
              + analytic
              + ", finite differences give "
              + numeric
              + " (error "
              + error
              + ", at most "
              + limit
              + ")");
    }
  }

  private static double slope(UnaryOperator<Tensor> function, Tensor like, double[] values, int i) {
    double middle = values[i];
    double step = STEP * Math.max(1, Math.abs(middle));
    try (PointerScope scope = new PointerScope()) {
      values[i] = middle + step;
      double above = function.apply(tensor(values).view(like.sizes())).item_double();
      values[i] = middle - step;
      double below = function.apply(tensor(values).view(like.sizes())).item_double();
      return (above - below) / (2 * step);
    } finally {
      values[i] = middle;
    }
  }

  private static GradientCheck compare(long element, double analytic, double numeric) {
    double size = Math.max(1, Math.max(Math.abs(analytic), Math.abs(numeric)));
    return new GradientCheck(element, analytic, numeric, Math.abs(analytic - numeric) / size);
  }

  private GradientCheck orWorse(GradientCheck other) {
    boolean worse = Double.isNaN(other.error) || !(other.error <= error || Double.isNaN(error));
    return element < 0 || worse ? other : this;
  }

  private static double[] numbers(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    Tensor flat = tensor.detach().contiguous();
    try (DoublePointer pointer = flat.data_ptr_double()) {
      pointer.get(values);
    }
    return values;
  }
}
