package lot4j;

import java.util.Arrays;

/**
 * The size of a network, counted from shapes. Sizes beyond 2⁶³ are an {@link ArithmeticException}.
 *
 * @param parameters trainable numbers
 * @param macs multiply-accumulates of convolutions, linear layers, matrix products and recurrent
 *     cells for one sample forward; elementwise operations and norms count 0
 */
public record Census(long parameters, long macs) {
  /** Nothing. */
  public static final Census NONE = new Census(0, 0);

  /** FLOPs of one sample forward: 2 a multiply-accumulate. */
  public long forwardFlops() {
    return Math.multiplyExact(2, macs);
  }

  /** Both networks together. */
  public Census plus(Census other) {
    return new Census(Math.addExact(parameters, other.parameters), Math.addExact(macs, other.macs));
  }

  /** {@code times} such networks. */
  public Census times(long times) {
    return new Census(Math.multiplyExact(parameters, times), Math.multiplyExact(macs, times));
  }

  /** A convolution over an output of {@code height × width}, square kernel, one group. */
  public static Census conv(long in, long out, long kernel, long height, long width, boolean bias) {
    return groupedConv(in, out, kernel, 1, height, width, bias);
  }

  /** A grouped convolution over an output of {@code height × width}, square kernel. */
  public static Census groupedConv(
      long in, long out, long kernel, long groups, long height, long width, boolean bias) {
    long weights = product(out, in / groups, kernel, kernel);
    return new Census(Math.addExact(weights, bias ? out : 0), product(weights, height, width));
  }

  /** A linear layer. */
  public static Census linear(long in, long out, boolean bias) {
    long weights = product(in, out);
    return new Census(Math.addExact(weights, bias ? out : 0), weights);
  }

  /**
   * The product of sizes.
   *
   * @throws ArithmeticException if it is beyond what is counted, 2⁶³
   */
  public static long product(long... sizes) {
    return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
  }

  /** A norm with a scale and a shift for each of {@code features}. */
  public static Census norm(long features) {
    return new Census(2 * features, 0);
  }
}
