package lot4j.model.vision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Known weights in closed form, as in {@code golden/make_golden.py}. */
final class Weights {
  private Weights() {}

  /** {@code count} numbers in [-0.5, 0.5), a hash of the position, started from the name. */
  static double[] fill(String name, int count) {
    int seed = name.hashCode();
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      int x = (i + 1 + seed) * (int) 2654435761L;
      x ^= x >>> 16;
      x *= 73244475;
      x ^= x >>> 16;
      values[i] = Integer.toUnsignedLong(x) / 4294967296.0 - 0.5;
    }
    return values;
  }

  /** Images or rows of mean 0 and variance 1, float64. */
  static Tensor inputs(String name, List<Long> shape) {
    double[] values = fill(name, (int) product(shape));
    for (int i = 0; i < values.length; i++) {
      values[i] *= Math.sqrt(12);
    }
    return tensor(values, shape);
  }

  /** Sets every parameter and buffer. */
  static void put(Module module) {
    try (NoGradGuard constant = new NoGradGuard()) {
      named(module.named_parameters()).forEach((name, tensor) -> put(name, tensor));
      named(module.named_buffers()).forEach((name, tensor) -> put(name, tensor));
    }
  }

  private static void put(String name, Tensor target) {
    if (name.endsWith("num_batches_tracked")) {
      target.zero_();
      return;
    }
    List<Long> shape = shape(target);
    double[] values = fill(name, (int) target.numel());
    boolean shift = name.endsWith("running_mean") || name.endsWith("bias");
    boolean near1 = name.endsWith("running_var") || (!shift && shape.size() == 1);
    double scale = near1 ? 0.5 : shift ? 0.2 : Math.sqrt(24.0 / (target.numel() / shape.get(0)));
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] * scale + (near1 ? 1 : 0);
    }
    target.copy_(tensor(values, shape));
  }

  /** The entries of a dictionary in its order; the tensors are borrowed from it. */
  static Map<String, Tensor> named(StringTensorDict dict) {
    Map<String, Tensor> entries = new LinkedHashMap<>();
    for (long i = 0; i < dict.size(); i++) {
      entries.put(dict.get(i).key().getString(), dict.get(i).value());
    }
    return entries;
  }

  /** A tensor's sizes. */
  static List<Long> shape(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).mapToObj(tensor::size).toList();
  }

  /** All numbers of a tensor, row by row, as float64. */
  static double[] numbers(Tensor tensor) {
    Tensor flat = tensor.detach().to(torch.ScalarType.Double).contiguous();
    double[] values = new double[(int) flat.numel()];
    flat.data_ptr_double().get(values);
    return values;
  }

  private static Tensor tensor(double[] values, List<Long> shape) {
    return torch.tensor(values).reshape(shape.stream().mapToLong(Long::longValue).toArray());
  }

  private static long product(List<Long> shape) {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}
