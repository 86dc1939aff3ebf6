package lot4j.model.language;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Known weights and tokens in closed form, as in {@code golden/make_lstm_golden.py}. */
final class Filled {
  private Filled() {}

  /** {@code count} numbers in [-0.5, 0.5), a hash of the position, started from the name. */
  static double[] numbers(String name, int count) {
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

  /** Sets every parameter. */
  static void put(Module module) {
    try (NoGradGuard constant = new NoGradGuard()) {
      parameters(module)
          .forEach(
              (name, tensor) ->
                  tensor.copy_(
                      torch.tensor(numbers(name, (int) tensor.numel())).view(tensor.sizes())));
    }
  }

  /** Tokens {@code from}, {@code from + 1}, …, [time, batch]. */
  static Tensor tokens(long from, long time, long batch, long vocabulary) {
    long[] ids =
        LongStream.range(from, from + time * batch)
            .map(i -> (3 + 7 * i + i * i) % vocabulary)
            .toArray();
    return torch.tensor(ids).view(time, batch);
  }

  /** A module's parameters in their order; borrowed. */
  static Map<String, Tensor> parameters(Module module) {
    StringTensorDict named = module.named_parameters();
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (long i = 0; i < named.size(); i++) {
      parameters.put(named.get(i).key().getString(), named.get(i).value());
    }
    return parameters;
  }

  /** All numbers of a tensor, row by row, as float64. */
  static double[] numbers(Tensor tensor) {
    Tensor flat = tensor.detach().to(torch.ScalarType.Double).contiguous();
    double[] values = new double[(int) flat.numel()];
    flat.data_ptr_double().get(values);
    return values;
  }
}
