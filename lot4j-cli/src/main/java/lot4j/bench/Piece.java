package lot4j.bench;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import lot4j.train.Threads;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/** A part of a step done alone, again and again; milliseconds each time. */
final class Piece implements Variant {
  private final String name;
  private final int threads;
  private final LongSupplier nanos;

  /**
   * A part that times itself.
   *
   * @param nanos does it once and says how long it took; what it makes is released
   */
  Piece(String name, int threads, LongSupplier nanos) {
    this.name = name;
    this.threads = threads;
    this.nanos = nanos;
  }

  /** A part that is timed as a whole. */
  static Piece whole(String name, int threads, Runnable work) {
    return new Piece(name, threads, () -> timed(work));
  }

  /**
   * A function's forward and backward pass, each a part.
   *
   * @param input its argument; a gradient flows into it unless it holds ids
   */
  static List<Piece> both(String name, int threads, Tensor input, UnaryOperator<Tensor> work) {
    return List.of(
        new Piece(
            name + ", forward",
            threads,
            () -> {
              Tensor leaf = leaf(input);
              return timed(
                  () -> {
                    Tensor unused = work.apply(leaf);
                  });
            }),
        new Piece(
            name + ", backward",
            threads,
            () -> {
              Tensor result = work.apply(leaf(input));
              Tensor gradient = torch.ones_like(result);
              return timed(
                  () ->
                      result.backward(
                          gradient, new BoolOptional(false), false, new TensorArrayRefOptional()));
            }));
  }

  /** A handle of its own each time, so that its gradient is a new one. */
  static Tensor leaf(Tensor tensor) {
    Tensor leaf = tensor.detach();
    return leaf.is_floating_point() ? (Tensor) leaf.set_requires_grad(true) : leaf;
  }

  static long timed(Runnable work) {
    long started = System.nanoTime();
    work.run();
    return System.nanoTime() - started;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double round(double seconds) {
    Threads.use(threads);
    long started = System.nanoTime();
    long sum = 0;
    int times = 0;
    while (times == 0 || (System.nanoTime() - started) / 1e9 < seconds) {
      try (PointerScope scope = new PointerScope()) {
        sum += nanos.getAsLong();
      }
      times++;
    }
    return sum / 1e6 / times;
  }
}
