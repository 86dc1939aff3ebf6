package lot4j.model.torchscript;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import lot4j.train.DataException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NamedJitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.named_module_iterator;
import org.bytedeco.pytorch.named_parameter_iterator;

/**
 * Draws a script's weights anew from the engine's global generator, as PyTorch's own layers do when
 * they are made. A script with a method {@code reset_parameters} of its own (marked {@code
 * torch.jit.export} before it was saved) is asked to do it instead.
 */
final class Redraw {
  private static final String OWN = "reset_parameters";

  /** Layers whose weights and biases are uniform up to 1/√(inputs of one output). */
  private static final Set<String> PRODUCTS =
      Set.of(
          "Linear",
          "NonDynamicallyQuantizableLinear",
          "Conv1d",
          "Conv2d",
          "Conv3d",
          "ConvTranspose1d",
          "ConvTranspose2d",
          "ConvTranspose3d");

  /** Layers whose weights are uniform up to 1/√(hidden size). */
  private static final Set<String> RECURRENT =
      Set.of("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell");

  private static final Set<String> NORMS =
      Set.of(
          "BatchNorm1d",
          "BatchNorm2d",
          "BatchNorm3d",
          "InstanceNorm1d",
          "InstanceNorm2d",
          "InstanceNorm3d",
          "GroupNorm",
          "LayerNorm");

  private Redraw() {}

  /**
   * Draws all weights.
   *
   * @throws DataException naming the file, if a layer's rule is not known
   */
  static void weights(JitModule script, Path file) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      if (script.find_method(OWN).has_value()) {
        script.get_method(OWN).apply(new IValueVector());
        return;
      }
      named_module_iterator end = script.named_modules().end();
      for (named_module_iterator it = script.named_modules().begin();
          it.notEquals(end);
          it.increment()) {
        NamedJitModule module = it.multiply();
        BytePointer path = module.name(); // the root has none
        layer(path == null ? "" : path.getString(), module.value(), file);
      }
    }
  }

  private static void layer(String path, JitModule module, Path file) {
    Map<String, Tensor> own = own(module);
    if (own.isEmpty()) {
      return;
    }
    String kind = module.type().name().get().name().getString();
    boolean known = module.type().name().get().qualifiedName().getString().contains(".torch.nn.");
    if (known && PRODUCTS.contains(kind)) {
      Tensor weight = own.get("weight");
      uniform(own, 1 / Math.sqrt(weight.numel() / (double) weight.size(0)));
    } else if (known && RECURRENT.contains(kind)) {
      uniform(own, 1 / Math.sqrt(hidden(kind, own)));
    } else if (known && NORMS.contains(kind)) {
      own.forEach((name, tensor) -> fill(tensor, name.equals("weight") ? 1 : 0));
      reset(module, "running_mean", 0);
      reset(module, "running_var", 1);
      reset(module, "num_batches_tracked", 0);
    } else if (known && kind.equals("Embedding")) {
      embedding(module, own.get("weight"));
    } else {
      throw new DataException(
          file
              + ": reinit does not know how to draw "
              + (path.isEmpty() ? "" : path + ".")
              + own.keySet().iterator().next()
              + " of "
              + kind
              + "; export a method "
              + OWN);
    }
  }

  private static Map<String, Tensor> own(JitModule module) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    named_parameter_iterator end = module.named_parameters(false).end();
    for (named_parameter_iterator it = module.named_parameters(false).begin();
        it.notEquals(end);
        it.increment()) {
      own.put(it.multiply().name().getString(), new Tensor(it.multiply().value()));
    }
    return own;
  }

  /** The hidden size: a matrix has rows for every gate. */
  private static double hidden(String kind, Map<String, Tensor> own) {
    int gates = kind.startsWith("LSTM") ? 4 : kind.startsWith("GRU") ? 3 : 1;
    return own.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("weight_hh"))
        .mapToDouble(entry -> entry.getValue().size(0) / (double) gates)
        .findFirst()
        .orElseThrow();
  }

  private static void uniform(Map<String, Tensor> own, double bound) {
    own.values().forEach(tensor -> torch.uniform_(tensor, -bound, bound));
  }

  private static void embedding(JitModule module, Tensor weight) {
    weight.normal_();
    if (module.hasattr("padding_idx")) {
      IValue padding = module.attr("padding_idx");
      if (padding.isInt()) {
        weight.select(0, padding.toInt()).zero_();
      }
    }
  }

  private static void reset(JitModule module, String buffer, double value) {
    if (module.hasattr(buffer) && module.attr(buffer).isTensor()) {
      fill(module.attr(buffer).toTensor(), value);
    }
  }

  private static void fill(Tensor tensor, double value) {
    tensor.fill_(new Scalar(value));
  }
}
